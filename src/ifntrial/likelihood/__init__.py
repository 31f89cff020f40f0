"""Likelihoods: Newton's climb to the largest, those of counts and of repeated measures, and when there is none."""
