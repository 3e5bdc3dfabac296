"""Action plans: what measures bring together and apart, what they cost, and the cheapest way to a target."""
