"""The list of mechanisms. To add one: a file here, an entry below, rows in the evidence tables."""

from ifntrial.model.mechanisms import (
    clinic,
    drug_effect,
    fibrosis,
    gas_transfer,
    immune,
    jak_stat,
    ligand,
    organ_events,
    receptor,
    safety,
    tgf_beta,
    tissue_distribution,
    two_cell_circuit,
    vascular,
)

MECHANISMS = (
    tissue_distribution.MECHANISM,
    receptor.MECHANISM,
    ligand.MECHANISM,
    jak_stat.MECHANISM,
    drug_effect.MECHANISM,
    immune.MECHANISM,
    vascular.MECHANISM,
    two_cell_circuit.MECHANISM,
    tgf_beta.MECHANISM,
    fibrosis.MECHANISM,
    gas_transfer.MECHANISM,
    clinic.MECHANISM,
    organ_events.MECHANISM,
    safety.MECHANISM,
)
