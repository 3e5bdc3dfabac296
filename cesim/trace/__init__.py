"""Truth, records and views: what happened to a lot, what was written about it, and what can be shown of it.

Three ledgers that are never mixed. A record may be late, wrong or missing, and the rooms below measure what
that does to a claim; `integrity` says whether a record is still what was written, never whether it is true.
"""
