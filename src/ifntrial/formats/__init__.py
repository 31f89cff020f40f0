"""What other programs read and write: SBML, PEtab, COMBINE archives, event tables, ADaM."""
