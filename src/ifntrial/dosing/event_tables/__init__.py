"""Event tables as NONMEM and CDISC write them: read as text, checked by kind of record, and laid out for the solver."""
