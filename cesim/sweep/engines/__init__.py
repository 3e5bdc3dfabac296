"""What answers the runs of a sweep: the annual balance, the lots, or a function of the reader's own."""
