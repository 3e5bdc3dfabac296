"""Whether a record is unchanged: canonical bytes, event hash, chained log, signed roots, commitments.

Unchanged is not true. A hash, a chain and a signature prove that what is read today is what was written then;
a false weight stays false, and is proved unchanged with the rest.
"""
