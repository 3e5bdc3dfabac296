"""What is asked of traceability: records over a run, and what can be claimed and proved with them."""
