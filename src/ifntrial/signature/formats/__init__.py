"""Readers of files with a form of their own: GCT, workbooks, NanoString runs, counting tools, single cells."""
