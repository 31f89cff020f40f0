"""SBML: models of others read and solved, our own written."""
