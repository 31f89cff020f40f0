"""What a forecast tells beside the chance of success: interim looks, what drives the answer, beliefs read otherwise."""
