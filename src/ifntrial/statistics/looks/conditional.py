"""What an interim look says of the end: conditional power and predictive probability, and the z at which they are met."""

from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

Rule = Literal["conditional_power", "predictive_probability"]


def conditional_power(z: float, information: float, critical: float, drift: float | None = None) -> float:
    """Return the chance of a significant end, given z at a look.

    Parameters
    ----------
    z, information
        At the look; share of the full information.
    critical
        Critical value at the end.
    drift
        Mean of z at the end; None: the trend of the look goes on.

    Source
    ------
    Jennison and Turnbull, Group Sequential Methods, 2000, chapter 10.
    """
    rest = 1.0 - information
    goes_on = z / np.sqrt(information) if drift is None else drift
    return float(ndtr((z * np.sqrt(information) + goes_on * rest - critical) / np.sqrt(rest)))


def predictive_probability(
    z: float, information: float, critical: float, *, prior_mean: float = 0.0, prior_sd: float = np.inf
) -> float:
    """Return the chance of a significant end, given z at a look, over what is believed then of the drift.

    Parameters
    ----------
    prior_mean, prior_sd
        Of the drift, the mean of z at the end; an infinite one knows nothing before the trial.

    Source
    ------
    Spiegelhalter, Freedman and Blackburn, Control Clin Trials 1986;7:8.
    """
    rest = 1.0 - information
    known = information + prior_sd**-2.0
    drift = (prior_mean * prior_sd**-2.0 + z * np.sqrt(information)) / known
    spread = np.sqrt(rest + rest**2 / known)
    return float(ndtr((z * np.sqrt(information) + rest * drift - critical) / spread))


def z_at(rule: Rule, chance: float, information: float, critical: float) -> float:
    """Return the z of a look at which conditional power by its trend, or predictive probability, is a given chance.

    Examples
    --------
    >>> round(z_at("conditional_power", 0.5, 0.25, 1.96), 3)
    0.98
    """
    root, rest = np.sqrt(information), np.sqrt(1.0 - information)
    if rule == "conditional_power":
        return float(root * (critical + rest * ndtri(chance)))
    return float(root * critical + rest * ndtri(chance))
