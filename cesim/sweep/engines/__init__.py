"""What answers runs: the balance, the simulation lot by lot, or a function of the reader's own."""
