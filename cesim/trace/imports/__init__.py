"""Records of others become a ledger of ours: EPCIS documents, and tables of lots and steps."""
