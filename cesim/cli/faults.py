"""Faults on the terminal: place, sentence, the line of the file with a caret, hints."""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from cesim.cli.columns import width
from cesim.text import hints, message, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cesim.errors import Fault, Place
    from cesim.text import Language

_WIDEST: Final = 120
"""Characters of a source line that are shown."""
_MOST: Final = 20
"""Faults that are shown one by one; more are counted by kind."""
_LARGEST: Final = 4_000_000
"""Bytes of a file read to show its lines."""


def show(faults: Sequence[Fault], lang: Language, stream: TextIO | None = None) -> None:
    """Print faults for a person, to the error stream unless told otherwise, then how many there are."""
    into = stream if stream is not None else sys.stderr
    told, left = _chosen(faults)
    for fault in told:
        for line in lines(fault, lang):
            print(line, file=into)
    for alike in left:
        print(say("cli.faults_alike", lang, count=len(alike), first=lines(alike[0], lang)[0]), file=into)
    if left:
        print(say("cli.faults_all", lang), file=into)
    if len(faults) > 1:
        print(say("cli.fault_count", lang, count=len(faults)), file=into)


def remark(remarks: Iterable[Fault], lang: Language) -> None:
    """Print what is no fault and yet worth a word, to the error stream: the output may be data."""
    for told in remarks:
        for line in lines(told, lang, say("cli.note", lang)):
            print(line, file=sys.stderr)


def once(found: Iterable[Iterable[Fault]]) -> tuple[Fault, ...]:
    """Return the faults of several files, those of a file that several of them extend only once."""
    every = {json.dumps(fault.as_data(), ensure_ascii=False): fault for faults in found for fault in faults}
    return tuple(every.values())


def _chosen(faults: Sequence[Fault]) -> tuple[list[Fault], list[list[Fault]]]:
    """Return the faults to show, the first of every kind among them, and the others by kind."""
    first_of_kind = {fault.code: at for at, fault in reversed(list(enumerate(faults)))}
    firsts = sorted(first_of_kind.values())[:_MOST]
    rest = [at for at in range(len(faults)) if at not in first_of_kind.values()]
    shown = sorted([*firsts, *rest[: _MOST - len(firsts)]])
    left: dict[str, list[Fault]] = {}
    for at, fault in enumerate(faults):
        if at not in shown:
            left.setdefault(fault.code, []).append(fault)
    return [faults[at] for at in shown], list(left.values())


def show_json(faults: Sequence[Fault], lang: Language) -> None:
    """Print faults as data to the standard output."""
    print(json.dumps({"faults": as_data(faults, lang)}, ensure_ascii=False, indent=2))


def as_data(faults: Iterable[Fault], lang: Language) -> list[dict[str, Any]]:
    """Return faults as plain data with their words."""
    return [{**fault.as_data(), "message": message(fault, lang), "hints": list(hints(fault, lang))} for fault in faults]


def lines(fault: Fault, lang: Language, head: str = "") -> list[str]:
    """Return the lines of one fault; `head` stands before its sentence."""
    where = str(fault.place)
    told = [f"{where}: {head}{message(fault, lang)}" if where else f"{head}{message(fault, lang)}"]
    told += _excerpt(fault.place)
    told += [f"       = {hint}" for hint in hints(fault, lang)]
    return told


def _excerpt(place: Place) -> list[str]:
    """Return the line of the file that a place points at, and a caret under the column."""
    if place.file is None or place.line is None or place.column is None:
        return []
    text = _line(place.file, place.line)
    if text is None:
        return []
    at = place.column - 1
    start = max(0, at - _WIDEST // 2) if len(text) > _WIDEST else 0
    cut = text[start : start + _WIDEST]
    before = "".join("\t" if sign == "\t" else " " * width(sign) for sign in cut[: at - start])
    return [f"{place.line:6} | {cut}", f"       | {before}^"]


def _line(file: str, number: int) -> str | None:
    try:
        state = Path(file).stat()
    except (OSError, ValueError):
        return None
    found = _lines(file, state.st_mtime_ns, state.st_size)
    return found[number - 1] if number <= len(found) else None


@lru_cache(maxsize=32)
def _lines(file: str, _changed_ns: int, _size: int) -> list[str]:
    """Return the lines of a file as it is now: by its name alone another text might be shown than was read."""
    try:
        with Path(file).open("rb") as stream:
            data = stream.read(_LARGEST)
    except (OSError, ValueError):
        return []
    text = data.decode("utf-8-sig", errors="replace")
    return ["".join(sign if sign.isprintable() or sign == "\t" else "·" for sign in line) for line in text.splitlines()]
