"""How far a run is, told from its folder alone, so that any machine that sees the folder can ask."""
