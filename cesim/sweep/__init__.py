"""Sweeps: one question asked of thousands of futures, in a folder that survives whatever happens to the program.

study (what is asked) -> design (points) x alternatives (what is decided) -> runs -> solver -> store -> analyses
"""
