"""Sweeps: one question asked of thousands of futures, in a folder that survives whatever happens to the program.

A study says what is asked. Its design makes points, each a future; its levers make alternatives. A run is one
alternative in one future. Solvers answer runs, the store keeps what they come to, analyses read the store.
"""
