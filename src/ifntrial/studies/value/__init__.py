"""Which study next: what candidate studies would tell of a forecast, and what that is worth to a decision."""
