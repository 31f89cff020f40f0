"""Other solvers, made to do the same work as ours. One module each: ``prepare(system)`` returns a ``solve``."""
