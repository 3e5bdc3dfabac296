"""`cesim new`: a file that holds only the differences from a base, with the levers as comments."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError, Place
from cesim.quantities import Quantity, TimePath
from cesim.quantities.steered import SteeredPath
from cesim.scenario.levers import Lever, levers
from cesim.scenario.load import load, named
from cesim.scenario.resolved import written
from cesim.scenario.schema import MARK, schema_text
from cesim.scenario.shelves import ENDINGS, is_path, shipped
from cesim.scenario.values import ALWAYS
from cesim.text import say

if TYPE_CHECKING:
    from pydantic import BaseModel

    from cesim.text import Language

SCHEMA = "cesim.schema.json"
"""The schema that is written beside a new scenario, for editors."""

_KNOTS = 4
"""Years of a long path that are shown; the last ones are what a plan changes."""


def write_starter(name: str, base: str, model: type[BaseModel], lang: Language) -> Path:
    """Write `NAME.yaml` and return its path; an existing file is never touched.

    Raises `InputError` where the base has faults, the name is none or the file exists.
    """
    path = Path(name if name.endswith(ENDINGS) else f"{name}.yaml")
    if not path.stem.strip() or not path.stem.isprintable() or path.stem.startswith("."):
        raise InputError([Fault("bad_name", Place(), {"found": name})])
    if path.stem == base:
        raise InputError(
            [Fault("extends_itself", Place(str(path)), {"found": base, "chain": f"{path.name} → {path.name}"})]
        )
    if shipped(path.stem) is not None:
        raise InputError([Fault("name_ships", Place(str(path)), {"found": path.stem})])
    if path.exists():
        raise InputError([Fault("already_there", Place(str(path)), {"found": str(path)})])
    text = starter_text(path.stem, _extends(base, path.parent), base, model, lang)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        _write_schema(path.parent / SCHEMA, model)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Fault("cannot_write", Place(str(path)), {"found": reason})]) from None
    return path


def starter_text(title: str, extends: str, base: str, model: type[BaseModel], lang: Language) -> str:
    """Return the text of a starter: what it extends, its name, and the levers of the base as comments."""
    scenario = load(base, model).scenario
    head = [f"# yaml-language-server: $schema={SCHEMA}", f"# {say('starter.head', lang, base=extends)}"]
    own = written({"extends": extends, "name": {"ja": title, "en": title}}).rstrip()
    lines = [*head, own, "", f"# {say('starter.levers', lang)}", f"# {say('starter.how', lang)}"]
    above: tuple[str, ...] = ()
    for lever in levers(scenario):
        lines += _headings(above, lever.path[:-1]) + _lever_lines(lever, lang)
        above = lever.path[:-1]
    return "\n".join(lines) + "\n"


def _headings(above: tuple[str, ...], path: tuple[str, ...]) -> list[str]:
    """Return the keys between the last lever and this one that are not written yet."""
    shared = 0
    while shared < min(len(above), len(path)) and above[shared] == path[shared]:
        shared += 1
    return [_line(depth, f"{_key(path[depth])}:") for depth in range(shared, len(path))]


def _lever_lines(lever: Lever, lang: Language) -> list[str]:
    depth = len(lever.path) - 1
    about = [lever.name_ja if lang == "ja" else lever.name_en]
    if lever.value_of is not None:
        if lever.value_of.unit not in ("-", "share"):
            about.append(say("starter.unit", lang, unit=lever.value_of.unit))
        if span := lever.value_of.span():
            about.append(say("starter.range", lang, range=span))
    about += _pedigree(lever.value, lang)
    if isinstance(lever.value, SteeredPath):
        names = ", ".join(dict.fromkeys(effect.stream.split(".")[2] for effect in lever.value.effects))
        about.append(say("starter.steered", lang, names=names))
    told = [_line(depth, f"# {' | '.join(part for part in about if part)}")] if any(about) else []
    return [*told, _line(depth, f"{_key(lever.path[-1])}: {_value(lever.value)}")]


def _pedigree(value: object, lang: Language) -> list[str]:
    """Return where the base value comes from and how far off it may be."""
    year, last = list(value.knots.items())[-1] if isinstance(value, TimePath) else (ALWAYS, value)
    if not isinstance(last, Quantity):
        return []
    told = []
    if last.low is not None and last.high is not None:
        key = "starter.spread" if year == ALWAYS else "starter.spread_in"
        spread = {"low": f"{last.low:.12g}", "high": f"{last.high:.12g}"}
        told.append(say(key, lang, **(spread if year == ALWAYS else {**spread, "year": year})))
    if last.source:
        told.append(say("starter.source", lang, source=" ".join(last.source.split())))
    return [*told, say(f"starter.status.{last.status}", lang)] if last.status != "given" else told


def _value(value: object) -> str:
    if isinstance(value, Quantity):
        return f"{value.value:.12g}"
    if isinstance(value, TimePath):
        if list(value.knots) == [ALWAYS]:
            return _value(value.knots[ALWAYS])
        last = list(value.knots.items())[-_KNOTS:]  # what came before stays: paths are laid over by year
        return "{" + ", ".join(f"{year}: {knot.value:.12g}" for year, knot in last) + "}"
    if value is None or isinstance(value, bool | int | float | str):
        return written(value).rstrip("\n")
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return written(str(value)).rstrip("\n")


def _key(key: str) -> str:
    return written({key: None}).rpartition(":")[0]


def _line(depth: int, text: str) -> str:
    return f"# {'  ' * depth}{text}"


def _extends(base: str, folder: Path) -> str:
    """Return what to write after `extends`: a bare name as it is, a path as seen from the new file."""
    if not is_path(base):
        return base
    return Path(os.path.relpath(named(base), folder)).as_posix()


def _write_schema(path: Path, model: type[BaseModel]) -> None:
    if not path.exists() or MARK in path.read_text(encoding="utf-8", errors="replace"):
        path.write_text(schema_text(model), encoding="utf-8", newline="\n")
