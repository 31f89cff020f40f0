"""Clinical items: what is read of a patient at a visit."""


def row_name(item: str) -> str:
    """Return the name of an item in the rows ``history.*``."""
    return "fvc" if item == "fvc_percent" else item
