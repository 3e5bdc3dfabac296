"""Platforms through which actors pass records, each a reading of what is public about it; see `docs/platforms.md`."""
