"""What was found, written back as scenario files: they extend what was swept and change what was varied.

A point is one future: every number that the sweep drew stands at what was drawn, so that the best estimate of the file
is the run. A box is many: each number that it restricts has the range it has in the box. Its law there is a piece of
its whole law, which has no name; it is written as the law nearest to it that has one (`pieces`), and says so.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, InputError, Place
from cesim.quantities import Quantity, TimePath, ppf
from cesim.run.sampler import Sampler
from cesim.scenario import open_scenario
from cesim.scenario.levers import value_of
from cesim.scenario.resolved import written
from cesim.scenario.values import ALWAYS
from cesim.sweep.discovery.pieces import piece
from cesim.sweep.discovery.streams import drawn
from cesim.text import nearest, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cesim.quantities import DrawSource
    from cesim.scenario.model import Scenario
    from cesim.sweep.discovery.pieces import Piece
    from cesim.sweep.discovery.streams import Drawn
    from cesim.text.catalogue import Language

Held = dict[str, Any]


@dataclass(frozen=True)
class Origin:
    """What a file is written back from.

    Attributes
    ----------
    scenario
        of the alternative that was swept, levers set
    extends
        the file it was read from, as the new file names it: a bare name, or a path from the new file's folder
    study
        named as the source of what is written
    lang
        of the notes in the file
    """

    scenario: Scenario
    extends: str
    study: str
    lang: Language = "ja"


@dataclass(frozen=True)
class WrittenBack:
    """The text of a scenario file, and what could not be said in it."""

    text: str
    left_out: tuple[str, ...] = ()
    """Streams that a box restricts and that no number of a scenario can say: shares that add to one, and paths whose
    luck wanders from year to year."""


def point_text(origin: Origin, name: Mapping[str, str], source: DrawSource, point: int) -> WrittenBack:
    """Return a scenario whose best estimate is one point of a sweep.

    Parameters
    ----------
    origin
        what was swept
    name
        of the new scenario, by language
    source
        where the draws of the sweep came from; what it keeps still is left as it is
    point
        which draw, from 0
    """
    sampler = Sampler(source, point + 1, 1)
    told = say("sweep_discovery.source_point", origin.lang, study=origin.study, point=point)
    held: Held = {"name": dict(name), "extends": origin.extends}
    for one in drawn(origin.scenario):
        if not all(source.holds(stream) for stream in one.streams):
            _put(held, one.path, _at(origin.scenario, one, sampler, told))
    return WrittenBack(written(held))


def _at(scenario: Scenario, one: Drawn, sampler: Sampler, source: str) -> Held:
    """Return what one drawn thing is at a point."""
    if isinstance(one.held, Quantity):
        return _certain(float(sampler.value(one.name, one.held)[0]), one.held, source)
    if isinstance(one.held, TimePath):
        knots = one.held.knots
        years = list(knots)
        if one.held.correlation == "ar1":  # each year has luck of its own
            span = scenario.years
            years = sorted({*knots, *range(min(span.fleet_from, *knots), max(span.end, *knots) + 1)})
        any_knot = next(iter(knots.values()))
        values = sampler.path(one.name, one.held, years)[0]
        if years == [ALWAYS]:
            return _certain(float(values[0]), any_knot, source)
        return {str(year): _certain(float(v), any_knot, source) for year, v in zip(years, values, strict=True)}
    shares = sampler.simplex(one.name, one.held)
    return {key: _certain(float(shares[key][0]), share, source) for key, share in one.held.items()}


def _certain(value: float, quantity: Quantity, source: str) -> Held:
    unit = {"unit": quantity.unit} if quantity.unit else {}
    return {"value": value, **unit, "status": "given", "source": source}


def box_text(
    origin: Origin,
    name: Mapping[str, str],
    ranges: Mapping[str, tuple[float | None, float | None]],
    settings: Mapping[str, object] | None = None,
) -> WrittenBack:
    """Return a scenario in which the restricted numbers have the ranges that they have in a box.

    Parameters
    ----------
    origin
        what was swept
    name
        of the new scenario, by language
    ranges
        stream -> (from, to) in probability, both in (0, 1); nothing where the box is open
    settings
        path -> plain value, of structural choices that the box leaves only one of

    Raises
    ------
    InputError
        ``discovery_no_stream`` for a stream that the scenario does not draw, ``discovery_range`` for one out of order.
    """
    held: Held = {"name": dict(name), "extends": origin.extends}
    for path, value in (settings or {}).items():
        _put(held, tuple(path.split(".")), value)
    by_stream = {stream: one for one in drawn(origin.scenario) for stream in one.streams}
    _refuse(ranges, by_stream)
    left_out: list[str] = []
    for stream, (low, high) in ranges.items():
        one = by_stream[stream]
        if isinstance(one.held, Quantity):
            _put(held, one.path, _piece(origin, one, one.held, low, high))
        elif isinstance(one.held, TimePath) and one.held.correlation == "one-draw":
            _put(held, one.path, _pieces(origin, one, one.held, low, high))
        else:
            left_out.append(stream)
    return WrittenBack(_noted(origin, left_out) + written(held), tuple(left_out))


def _pieces(origin: Origin, one: Drawn, path: TimePath, low: float | None, high: float | None) -> Held:
    knots = {
        str(year): _piece(origin, one, knot, low, high) for year, knot in path.knots.items() if not knot.is_certain
    }
    return knots[str(ALWAYS)] if list(path.knots) == [ALWAYS] else knots


def _piece(origin: Origin, one: Drawn, quantity: Quantity, low: float | None, high: float | None) -> Held:
    mark = value_of(type(origin.scenario), one.path)
    ends = (None, None) if mark is None else (mark.least, mark.most)
    found = piece(quantity, low, high, ends)
    unit = {"unit": quantity.unit} if quantity.unit else {}
    source = say("sweep_discovery.source_box", origin.lang, study=origin.study)
    note = _note(origin, quantity, found, low, high)
    whole = say(
        "sweep_discovery.note_whole",
        origin.lang,
        value=f"{quantity.value:.6g}",
        low=f"{quantity.low:.6g}",
        high=f"{quantity.high:.6g}",
        source=quantity.source or quantity.status,
    )
    numbers = {"value": found.value, "low": found.low, "high": found.high}
    law = {"range": found.range, "dist": found.dist} if found.low < found.high else {}
    return {**numbers, **unit, **law, "status": "estimate", "source": source, "note": f"{note} {whole}"}


def _note(origin: Origin, quantity: Quantity, found: Piece, low: float | None, high: float | None) -> str:
    """Say how near the law that is written is to the piece."""
    if found.range == "bounds":
        return say(f"sweep_discovery.note_{'exact' if found.is_exact else 'near'}", origin.lang)
    ends = {key: f"{float(ppf(quantity, at)):.6g}" for key, at in (("low", low), ("high", high)) if at}
    limits = say(f"sweep_discovery.limits_{'_'.join(ends)}", origin.lang, **ends)
    return say("sweep_discovery.note_tail", origin.lang, limits=limits)


def _refuse(ranges: Mapping[str, tuple[float | None, float | None]], known: Mapping[str, Drawn]) -> None:
    faults = []
    for stream, (low, high) in ranges.items():
        if stream not in known:
            near = nearest(stream, tuple(known))
            faults.append(Fault("discovery_no_stream", Place(model=stream), {"found": stream, "nearest": near}))
        elif not 0.0 <= (0.0 if low is None else low) < (1.0 if high is None else high) <= 1.0:
            faults.append(Fault("discovery_range", Place(model=stream), {"found": (low, high)}))
    if faults:
        raise InputError(faults)


def _noted(origin: Origin, left_out: list[str]) -> str:
    if not left_out:
        return ""
    return f"# {say('sweep_discovery.left_out', origin.lang, streams=', '.join(left_out))}\n"


def _put(held: Held, path: tuple[str, ...], value: object) -> None:
    """Set what stands at a path, with the mappings on the way."""
    for key in path[:-1]:
        held = held.setdefault(key, {})
    held[path[-1]] = value


def save(back: WrittenBack, file: Path) -> Path:
    """Write a scenario beside its study, once it is known to open; a file that is there is replaced.

    Raises
    ------
    InputError
        with every fault of the scenario, which then is not kept; ``discovery_not_written`` for a folder that cannot
        be written.
    """
    unproved = file.with_name(f".{file.stem}.unproved.yaml")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        unproved.write_text(back.text, encoding="utf-8")
        open_scenario(unproved)
        unproved.replace(file)
    except OSError as error:
        told = {"found": error.strerror or str(error)}
        raise InputError([Fault("discovery_not_written", Place(file=str(file)), told)]) from None
    finally:
        with suppress(OSError):  # nothing was written where this cannot be
            unproved.unlink(missing_ok=True)
    return file
