"""What was made of what: graphs of lots, shares in one pass, what can be proved from records, one lot followed."""
