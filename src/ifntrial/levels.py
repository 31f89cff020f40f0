"""Levels of intervals and bands, the same in every answer.

A 95 % interval says what chance leaves open; a band says how far patients or worlds lie apart.
"""

LOWER_TAIL, UPPER_TAIL = 0.025, 0.975
"""Where a two-sided 95 % interval begins and ends."""

NORMAL_95 = 1.959963984540054
"""Half the width of a 95 % interval in standard errors: the 97.5 % point of the standard normal distribution."""

BAND = (5, 50, 95)
"""Percentiles of a band."""

DETAILED_BAND = (5, 25, 50, 75, 95)
"""Percentiles of a band that also tells the middle half."""
