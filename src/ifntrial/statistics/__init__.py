"""Statistics: analyses, power, sequential and adaptive tests, multiplicity and imputation. Knows no disease."""
