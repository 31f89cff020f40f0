"""The model in formats that other programs read: SBML, PEtab, COMBINE archives."""
