"""Chain of custody: what may be claimed of one physical flow, by model and by law, beside what is true."""
