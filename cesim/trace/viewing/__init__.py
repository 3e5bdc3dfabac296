"""Who may see what of a record, and what that gives away."""
