"""The pages of a sweep: what all futures came to, what the results depend on, which futures miss the target."""
