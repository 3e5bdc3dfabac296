"""An actor's log: a file that only grows, one line an event, each line bound to all before it.

What is changed, dropped, swapped or put in afterwards breaks the chain at that line (`verifying.py`). Whoever may
write the whole file can make a new chain for another history; what stops that is a signed root that somebody else
holds, or a partner who has logged the event too. The end is the weak place: lines after the last root can be
dropped unseen, so close periods, and hand their roots out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, InputError, Place
from cesim.trace.integrity.canonical import canonical_bytes
from cesim.trace.integrity.event_hash import event_hash
from cesim.trace.integrity.log_lines import FORMAT, START, Anchor, Entry, chained, content, event_line, written
from cesim.trace.integrity.log_reader import LogReader
from cesim.trace.integrity.merkle import Frontier, leaf_hash
from cesim.trace.integrity.misplaced import Misplaced
from cesim.trace.integrity.moments import exact
from cesim.trace.integrity.roots import PeriodRoot
from cesim.trace.integrity.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from cesim.trace.integrity.keys import SigningKey


class EventLog:
    """The log of one actor, being written. Use it in a `with` block.

    Parameters
    ----------
    path
        A file that is not there yet; see `continued` for one that is.
    actor
        Whose log it is.
    prefixes
        The prefixes of the extensions that its events use; the event hashes need them.

    Raises
    ------
    InputError
        ``log_exists``: nothing is written over.
    """

    def __init__(self, path: Path, actor: str, prefixes: Mapping[str, str] | None = None) -> None:
        self.path, self.actor = Path(path), actor
        self.spelling = Spelling(prefixes)
        self.frontier = Frontier()
        self.head = START
        try:
            self._file = self.path.open("xb")
        except FileExistsError:
            raise InputError([Fault("log_exists", Place(file=str(path)))]) from None
        self._write({"actor": actor, "format": FORMAT, "kind": "log", "prefixes": dict(prefixes or {})})

    @classmethod
    def continued(cls, path: Path) -> EventLog:
        """Return the log in a file, to be gone on with.

        Raises
        ------
        InputError
            Everything that is wrong with it: a log that was changed is not gone on with.
        """
        reader = LogReader(path).read()
        if reader.findings:
            raise InputError(reader.findings)
        log = cls.__new__(cls)
        log.path, log.actor = Path(path), reader.actor
        log.spelling, log.frontier, log.head = Spelling(reader.prefixes), reader.frontier, reader.head
        log._file = log.path.open("ab")
        return log

    def append(self, event: Mapping[str, Any], record_time: str) -> Entry:
        """Log an event and when it was written down; return what was logged.

        Raises
        ------
        InputError
            What is wrong with the event or the time; the log stays as it was.
        """
        try:
            recorded = exact(record_time)
        except Misplaced as fault:
            fault.through("record_time").refuse()
        as_bytes = canonical_bytes(event)
        entry = Entry(self.frontier.size, as_bytes, event_hash(event, self.spelling), leaf_hash(as_bytes), recorded)
        self._write(event_line(entry))
        self.frontier.add(entry.leaf)
        return entry

    def anchor(self, partner: str, theirs: Entry, own: Entry) -> Anchor:
        """Log that a partner has logged the other side of a handover: rewriting it now needs both of them."""
        anchor = Anchor(partner, theirs.event_hash, theirs.leaf.hex(), own.number)
        self._write({"kind": "anchor", **{name: getattr(anchor, name) for name in Anchor.__slots__}})
        return anchor

    def close_period(self, period: str, key: SigningKey | None = None) -> PeriodRoot:
        """Log the root over all events so far, signed where a key is given, and return it to be handed out."""
        root = PeriodRoot(self.actor, period, self.frontier.size, self.frontier.root().hex(), self.head.hex())
        root = root if key is None else root.signed(key)
        self._write({"kind": "root", "root": root.as_data()})
        self._file.flush()
        return root

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> EventLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, line: Mapping[str, Any]) -> None:
        plain = content(line)
        self.head = chained(self.head, plain)
        self._file.write(written(plain, self.head))
