"""Tables of what happened and the proof that they balance."""
