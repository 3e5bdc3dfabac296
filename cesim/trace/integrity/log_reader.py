"""Reads a log line by line and notes everything that does not fit, each with its line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place
from cesim.trace.integrity.canonical import canonical_bytes
from cesim.trace.integrity.event_hash import event_hash
from cesim.trace.integrity.log_lines import FIELDS, FORMAT, START, Anchor, chained, content, divided
from cesim.trace.integrity.merkle import Frontier, leaf_hash
from cesim.trace.integrity.roots import PeriodRoot
from cesim.trace.integrity.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST: Final = 1 << 24
"""Bytes of a line; no event of the trade is so long, a hostile file would fill the memory."""
_MOST: Final = 1000
"""Findings kept; a file that has more is no log."""


class LogReader:
    """One pass over a log; what it finds is in its attributes.

    Parameters
    ----------
    path
        The file.
    keep_leaves
        Whether to keep the leaf hash of every event, for proofs.
    """

    def __init__(self, path: Path, keep_leaves: bool = False) -> None:
        self.path = Path(path)
        self.actor = ""
        self.prefixes: dict[str, str] = {}
        self.head = START
        self.frontier = Frontier()
        self.findings: list[Fault] = []
        self.leaves: list[bytes] | None = [] if keep_leaves else None
        self.events: dict[str, int] = {}
        """Leaf, hexadecimal, and its line; only where `leaves` are kept."""
        self.anchors: list[tuple[int, Anchor]] = []
        self.roots: list[tuple[int, PeriodRoot]] = []
        self.lines = 0
        self._spelling = Spelling()
        self._next = 0

    def read(self) -> LogReader:
        """Read the whole file and return the reader.

        Raises
        ------
        InputError
            ``log_missing``: there is no such file.
        """
        try:
            with self.path.open("rb") as file:
                for line in iter(lambda: file.readline(_LONGEST + 1), b""):
                    self.lines += 1
                    self._line(line)
                    if len(line) > _LONGEST or len(self.findings) >= _MOST:
                        break
        except OSError:
            raise InputError([Fault("log_missing", Place(file=str(self.path)))]) from None
        if not self.lines:
            self._find("log_line_unreadable", line=1)
        return self

    def _find(self, code: str, line: int | None = None, **arguments: object) -> None:
        place = Place(file=str(self.path), line=self.lines if line is None else line)
        self.findings.append(Fault(code, place, arguments))

    def _line(self, raw: bytes) -> None:
        parts = divided(raw[:-1]) if raw.endswith(b"\n") else None
        if parts is None:
            self._find("log_line_unreadable")
            return
        plain, chain = parts
        before, self.head = self.head, chain
        if chained(before, plain) != chain:
            self._find("log_chain_broken")
        line = self._understood(plain)
        if line is None:
            self._find("log_line_unreadable")
        elif (line["kind"] == "log") != (self.lines == 1):
            self._find("log_line_misplaced", found=line["kind"])
        else:
            getattr(self, f"_{line['kind']}")(line, before)

    def _understood(self, plain: bytes) -> dict[str, Any] | None:
        """The line, where it is one of ours to the byte."""
        import orjson

        try:
            line = orjson.loads(plain)
        except orjson.JSONDecodeError:
            return None
        if not isinstance(line, dict) or FIELDS.get(str(line.get("kind"))) != line.keys():
            return None
        if line["kind"] == "event":
            try:
                line["event"] = orjson.Fragment(as_bytes := canonical_bytes(line["event"]))
            except InputError:
                return None
            same = content(line) == plain
            line["event"] = as_bytes
            return line if same else None
        return line if content(line) == plain else None

    def _log(self, line: dict[str, Any], before: bytes) -> None:  # noqa: ARG002 -- one door for all kinds
        prefixes = line["prefixes"]
        fits = isinstance(prefixes, dict) and all(isinstance(space, str) for space in prefixes.values())
        if line["format"] != FORMAT or not isinstance(line["actor"], str) or not fits:
            self._find("log_line_unreadable")
            return
        self.actor, self.prefixes = line["actor"], prefixes
        self._spelling = Spelling(prefixes)

    def _event(self, line: dict[str, Any], before: bytes) -> None:  # noqa: ARG002
        import orjson

        number, leaf = line["number"], leaf_hash(line["event"])
        if type(number) is not int or number != self._next:
            self._find("log_number_wrong", found=number, wanted=self._next)
        self._next = number + 1 if type(number) is int else self._next + 1
        if line["leaf"] != leaf.hex():
            self._find("log_leaf_wrong", number=number)
        try:
            named: str | None = event_hash(orjson.loads(line["event"]), self._spelling)
        except InputError:
            named = None  # what has no hash cannot have been logged
        if line["event_hash"] != named:
            self._find("log_event_hash_wrong", number=number)
        self.frontier.add(leaf)
        if self.leaves is not None:
            self.leaves.append(leaf)
            self.events[leaf.hex()] = self.lines

    def _anchor(self, line: dict[str, Any], before: bytes) -> None:  # noqa: ARG002
        anchor = Anchor(*(line[name] for name in Anchor.__slots__))
        texts = all(isinstance(text, str) for text in (anchor.actor, anchor.event_hash, anchor.leaf))
        if not texts or type(anchor.own) is not int or not 0 <= anchor.own < self.frontier.size:
            self._find("log_line_unreadable")
            return
        self.anchors.append((self.lines, anchor))

    def _root(self, line: dict[str, Any], before: bytes) -> None:
        try:
            root = PeriodRoot.from_data(line["root"])
        except (TypeError, ValueError):
            self._find("log_line_unreadable")
            return
        self.roots.append((self.lines, root))
        now = self.frontier.root().hex()
        if root.size != self.frontier.size:
            self._find("log_size_wrong", period=root.period, found=self.frontier.size, wanted=root.size)
        elif root.root != now or root.head != before.hex() or root.actor != self.actor:
            self._find("log_root_wrong", period=root.period)

    def unsealed(self) -> int:
        """Return how many events stand after the last root: nothing vouches that more did not."""
        return self.frontier.size - (self.roots[-1][1].size if self.roots else 0)


def logged_leaves(path: Path) -> Iterator[bytes]:
    """Yield the leaf hash of every event of a sound log, for proofs.

    Raises
    ------
    InputError
        Everything that is wrong with the log.
    """
    reader = LogReader(path, keep_leaves=True).read()
    if reader.findings:
        raise InputError(reader.findings)
    yield from reader.leaves or ()
