"""What the options of `cesim sweep` say, as entries of a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cesim.cli.lists import names
from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

PLAIN = {
    "design": "design.kind", "samples": "design.samples", "levels": "design.levels",
    "second_order": "design.second_order", "table": "design.file", "others": "others", "engine": "engine",
    "lots": "lots.first", "batch": "lots.batch", "replicates": "replicates", "seed": "seed", "proofs": "proofs",
}  # fmt: skip
"""Option -> entry of the study that takes its value as it is."""
LISTS = ("indicators", "regions")
PATTERNS = ("vary", "keep")
LEVERS = {"lever": "levers", "sample": "sampled"}
"""Option -> entry of the study whose items it gives."""
TYPED = {
    **{entry: f"--{name.replace('_', '-')}" for name, entry in PLAIN.items()},
    **{name: f"--{name}" for name in (*LISTS, *PATTERNS, "years")},
    **{entry: f"--{name}" for name, entry in LEVERS.items()},
    "limit_s": "--limit",
}
"""Entry of the study -> the option that gives it."""


def entries(options: argparse.Namespace) -> tuple[dict[str, object], list[Fault]]:
    """Return the entries that were given as options, and what cannot be read."""
    held = vars(options)
    out: dict[str, object] = {entry: held[name] for name, entry in PLAIN.items() if held[name] is not None}
    out |= {name: list(names(held[name])) for name in LISTS if names(held[name])}
    out |= {name: list(held[name]) for name in PATTERNS if held[name]}
    faults = [
        Fault("option_needs_value", arguments={"found": f"--{name}"})
        for name in (*LISTS, "years")
        if held[name] is not None and not names(held[name])
    ]
    for name, read in (("lever", _lever), ("sample", _sampled)):
        made, wrong = _each(held[name], read)
        faults += [replace(fault, place=Place(option=f"--{name}", path=fault.place.path)) for fault in wrong]
        if made:
            out[LEVERS[name]] = made
    if names(options.years):
        out["years"] = _years(options.years)
    if options.limit is not None:
        try:
            out["limit_s"] = float(options.limit)
        except ValueError:
            faults.append(Fault("sweep_limit", arguments={"found": options.limit[:40]}))
    return out, faults


def as_typed(fault: Fault, given: Mapping[str, object]) -> Fault:
    """Return a fault of an entry that an option gave at that option, as it was typed.

    Parameters
    ----------
    given
        the entries that were given as options
    """
    path = fault.place.path
    if path is None or fault.place.option is not None:
        return fault
    for name, entry in LEVERS.items():
        levers = given.get(entry)
        if isinstance(levers, Mapping) and any(one == path or one.startswith(f"{path}.") for one in levers):
            return replace(fault, place=Place(option=f"--{name}", path=path))
    return replace(fault, place=Place(option=TYPED[path])) if path in TYPED else fault


def shard_of(text: str | None) -> tuple[int, int] | None:
    """Read `2/8`: the second of eight shards; raises `InputError` for anything else."""
    if text is None:
        return None
    first, slash, second = text.partition("/")
    digits = first.strip().isdecimal() and second.strip().isdecimal() and len(text) < 20
    if slash and digits and 1 <= int(first) <= int(second) <= 10_000:
        return int(first), int(second)
    raise InputError([Fault("sweep_shard", arguments={"found": text[:40]})])


def _each(texts: Iterable[str], read: Callable[[str], tuple[str, object]]) -> tuple[dict[str, object], list[Fault]]:
    made: dict[str, object] = {}
    faults: list[Fault] = []
    for text in texts:
        try:
            path, value = read(text)
        except InputError as error:
            faults += error.faults
        else:
            if path in made:
                faults.append(Fault("sweep_given_twice", arguments={"found": path}))
            made[path] = value
    return made, faults


def _lever(text: str) -> tuple[str, object]:
    return _listed(text, "sweep_lever_unread")


def _sampled(text: str) -> tuple[str, object]:
    path, _, value = text.partition("=")
    low, dots, high = value.partition("..")
    if not dots:
        return _listed(text, "sweep_sample_unread")
    ends = [_number(end) for end in (low, high)]
    if not path.strip() or None in ends:
        raise InputError([Fault("sweep_sample_unread", arguments={"found": text[:80]})])
    return path.strip(), {"low": ends[0], "high": ends[1]}


def _listed(text: str, code: str) -> tuple[str, object]:
    """Read PATH=A,B,C; each value by the rules of the files."""
    from cesim.scenario import read_settings

    path, equals, value = text.partition("=")
    if not equals or not path.strip() or not value.strip():
        raise InputError([Fault(code, arguments={"found": text[:80]})])
    return path.strip(), [read_settings([f"{path.strip()}={one}"])[path.strip()] for one in value.split(",")]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _years(text: str) -> object:
    if text in ("all", "report"):
        return text
    return [int(one) if one.isdecimal() else one for one in names(text)]
