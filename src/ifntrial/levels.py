"""Levels of tests, intervals and bands, the same in every answer.

A 95 % interval says what chance leaves open; a band says how far patients or worlds lie apart.
"""

ALPHA_ONE_SIDED = 0.025
"""Type I error of a test where a design states none."""

CONFIDENCE = 0.95
"""Coverage of an interval where none is asked for."""

LOWER_TAIL, UPPER_TAIL = 0.025, 0.975
"""Where a two-sided 95 % interval begins and ends."""

NORMAL_95 = 1.959963984540054
"""Half the width of a 95 % interval in standard errors: the 97.5 % point of the standard normal distribution."""

NORMAL_90 = 1.6448536269514722
"""Half the width of the middle 90 % in standard deviations: the 95 % point of the standard normal distribution."""

NORMAL_75 = 0.6744897501960817
"""Upper quartile of the standard normal distribution: half the width of the middle half in standard deviations."""

BAND = (5, 50, 95)
"""Percentiles of a band."""

BAND_ENDS = (BAND[0] / 100.0, BAND[-1] / 100.0)
"""Where a band begins and ends, as shares."""

DETAILED_BAND = (5, 25, 50, 75, 95)
"""Percentiles of a band that also tells the middle half."""
