"""How actors write: from what happened to what is written down, each by its policy."""
