"""The text of `--set path=value` options -> path and value; values follow the rules of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError, Place
from cesim.scenario.fullwidth import first_wide
from cesim.scenario.source import node
from cesim.scenario.tree import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.scenario.tree import Plain


def read_settings(settings: Iterable[str]) -> dict[str, Plain]:
    """Return the overrides of `--set path=value` options.

    Raises `InputError` with every setting that cannot be read.
    """
    overrides, faults = sound_settings(settings)
    if faults:
        raise InputError(faults)
    return overrides


def sound_settings(settings: Iterable[str]) -> tuple[dict[str, Plain], tuple[Fault, ...]]:
    """Return the overrides that can be read, and the faults of those that cannot."""
    overrides: dict[str, Plain] = {}
    faults: list[Fault] = []
    seen: set[str] = set()
    for setting in settings:
        path, equals, text = setting.partition("=")
        path = path.strip()
        place = Place(path=path)
        if not equals or not path:
            faults.append(_unreadable(setting))
        elif path in seen:
            faults.append(Fault("set_twice", place, {"found": path}))
        elif text.strip() == "":
            overrides[path] = None
        else:
            read = node(text.strip(), "")
            faults.extend(Fault(fault.code, place, fault.arguments) for fault in read.faults)
            if read.tree is not None and not read.faults:
                overrides[path] = plain(read.tree)
        seen.add(path)
    return overrides, tuple(faults)


def _unreadable(setting: str) -> Fault:
    wide = first_wide(setting)
    if wide is not None:
        return Fault("full_width", Place(path=setting), {"found": wide.found, "proposal": wide.proposal})
    return Fault("set_without_equals", Place(path=setting), {"found": setting})
