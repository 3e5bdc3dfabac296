"""The store of a sweep: a folder that says what made it and keeps what each run came to; nothing half-written counts.

`lock.json` says what made it, `runs.sqlite` is the run log (one row a run, with its values until they are sealed),
`results/part-000000.parquet` and so on hold the values of fixed ranges of runs. All can be read without cesim.
"""

from cesim.sweep.store.comparing import compare
from cesim.sweep.store.lock import Lock, read_lock, same
from cesim.sweep.store.merge import merge
from cesim.sweep.store.provenance import code_digest, git_state, packages
from cesim.sweep.store.reading import StudyTables, open_study
from cesim.sweep.store.store import Store

__all__ = [
    "Lock",
    "Store",
    "StudyTables",
    "code_digest",
    "compare",
    "git_state",
    "merge",
    "open_study",
    "packages",
    "read_lock",
    "same",
]
