"""The works of a lot-by-lot run: how busy they were, what waited before them, what they could not do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cesim.report.casthouse.shell import Figure, Section, Table
from cesim.report.casthouse.tracks import Axis, Mark, Row, axis_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.report.lots.view import LotView

NO_LIMIT: Final = 100_000
"""Servers from which on they stand for any number: works without a limit have a million, hauliers that many trucks."""
QUEUES: Final = 10
"""Longest queues in the picture."""
CARS: Final = ("place", "cars_came", "cars_done", "cars_hurried", "cars_share")
LINES: Final = ("line", "lots_came", "lots_away", "lots_share")
WORKS: Final = ("works", "lots_came", "lots_inside", "waiting", "wait_h", "utilisation")
"""Columns of the tables."""
WAY: Final = (
    "dismantling", "shredding", "alloy_sorting", "asr_treatment", "casthouse", "furnaces", "press_shop", "pelletiser",
    "pellet_store", "compounder", "haulage",
)  # fmt: skip
"""Kinds of works along the way of a car."""


@dataclass(frozen=True)
class Busy:
    """One of the works, in numbers a reader wants."""

    name: str
    kind: str
    came: int
    inside: int
    """Lots there at the end."""
    waiting: float
    """Lots waiting, mean over time."""
    wait_h: float
    """Of a lot, mean."""
    utilisation: float | None
    """Share of the working time in which they worked; nothing where there is no limit."""


def busy(view: LotView) -> list[Busy]:
    """Return the works through which anything went, along the way of a car."""
    found = [_busy(view, row) for row in view.found.tables["works"].to_dict("records") if row["came"]]
    return sorted(found, key=lambda one: WAY.index(one.kind) if one.kind in WAY else len(WAY))


def _busy(view: LotView, row: dict[Any, Any]) -> Busy:
    has_limit = 0 < row["servers"] < NO_LIMIT and row["busy_area"] > 0  # what takes no time has no limit either
    return Busy(
        view.works(str(row["facility"])), str(row["kind"]), int(row["came"]), int(row["inside"]),
        row["waiting_area"] / row["seconds"] if row["seconds"] else 0.0, row["wait_sum"] / row["came"] / 3600.0,
        row["utilisation"] if has_limit else None,
    )  # fmt: skip


def works_section(view: LotView) -> Section:
    """Return the part on works, cars whose parts stayed on, and lots turned away."""
    writer, held = view.writer, busy(view)
    figures = [figure for figure in (_use(view, held), _queues(view, held)) if figure is not None]
    tables = [_counted(view, "lots.cars_table", CARS, cars_short(view))]
    if view.about["turned_away"]:
        tables.append(_counted(view, "lots.away_table", LINES, turned_away(view)))
    tables.append(_works(view, held))
    notes = [writer.say("lots.works_note"), writer.say("lots.works_lots")]
    if view.drawn:
        notes.append(writer.say("lots.best_only"))
    lead = (writer.say("lots.works_lead"), _short(view))
    return Section("works", writer.say("lots.works_head"), lead, tuple(figures), tuple(tables), tuple(notes))


def _short(view: LotView) -> str:
    cars = view.about["cars"].values()
    done, hurried = (sum(one[name] for one in cars) for name in ("done", "hurried"))
    away = sum(view.about["turned_away"].values())
    return view.writer.say("lots.works_short", hurried=f"{hurried:,}", done=f"{done:,}", away=f"{away:,}")


def _use(view: LotView, held: list[Busy]) -> Figure | None:
    rows = [
        Row(one.name, (Mark("bar", "k-main", 0.0, 100.0 * use),), view.writer.full(use, "share"))
        for one in held for use in (one.utilisation,) if use is not None
    ]  # fmt: skip
    if not rows:
        return None
    axis = Axis(0.0, 100.0, tuple((float(at), f"{at} %") for at in (0, 50, 100)))
    return Figure(view.writer.say("lots.use_figure"), rows_of(rows, axis), note=view.writer.say("lots.use_note"))


def _queues(view: LotView, held: list[Busy]) -> Figure | None:
    writer = view.writer
    waiting = sorted(
        (one for one in held if one.utilisation is not None and one.waiting > 0.0), key=lambda one: -one.waiting
    )[:QUEUES]
    if not waiting:
        return None
    rows = [
        Row(
            one.name, (Mark("bar", "k-second", 0.0, one.waiting),),
            writer.say("lots.queue_told", lots=writer.scale("hours").bare(one.waiting)),
            writer.say("lots.queue_wait", hours=writer.bare(one.wait_h, "hours")),
        )
        for one in waiting
    ]  # fmt: skip
    axis = axis_of(one.waiting for one in waiting)
    return Figure(writer.say("lots.queue_figure"), rows_of(rows, axis), note=writer.say("lots.queue_note"))


def cars_short(view: LotView) -> list[tuple[str, int, int, int, float | None]]:
    """Return by region: cars that came, were dismantled, kept parts on; the share of the latter."""
    return [
        (
            view.place(place), cars["came"], cars["done"], cars["hurried"],
            cars["hurried"] / cars["done"] if cars["done"] else None,
        )
        for place, cars in view.about["cars"].items()
    ]  # fmt: skip


def turned_away(view: LotView) -> list[tuple[str, int, int, float | None]]:
    """Return by sorting line: lots that came, those that passed it by for want of room; their share."""
    came = view.found.tables["works"].set_index("facility")["came"]
    return [
        (view.works(name), int(came[name]), count, count / int(came[name]) if came[name] else None)
        for name, count in view.about["turned_away"].items()
    ]


def _counted(view: LotView, title: str, columns: tuple[str, ...], found: Sequence[Sequence[Any]]) -> Table:
    """Counts with a share at the end; a dash where it is of nothing."""
    writer = view.writer
    rows = tuple(
        (
            name,
            *(f"{count:,}" for count in counts),
            writer.say("undefined") if share is None else writer.full(share, "share"),
        )
        for name, *counts, share in found
    )
    return Table(writer.say(title), tuple(writer.say(f"lots.column.{name}") for name in columns), rows)


def _works(view: LotView, held: list[Busy]) -> Table:
    writer = view.writer
    rows = tuple(
        (
            one.name, f"{one.came:,}", f"{one.inside:,}", writer.bare(one.waiting, "hours"),
            writer.bare(one.wait_h, "hours"), "" if one.utilisation is None else writer.full(one.utilisation, "share"),
        )
        for one in held
    )  # fmt: skip
    heads = tuple(writer.say(f"lots.column.{name}") for name in WORKS)
    return Table(writer.say("lots.works_table"), heads, rows, is_folded=True)
