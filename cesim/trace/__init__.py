"""Who wrote what of which lots: three ledgers (truth, records, views), and what can be claimed and proved with them."""
