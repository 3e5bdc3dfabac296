"""What leaves for other systems: projections of a ledger, streamed from its arrays, that say what they lose."""
