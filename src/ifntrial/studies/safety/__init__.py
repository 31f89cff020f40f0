"""Safety by arm: rates over worlds, what a trial would count, and what one virtual trial did count."""
