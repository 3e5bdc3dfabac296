"""The sheets of a lot-by-lot run as plain rows: the numbers of the page, not rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.report.lots.asked import asked
from cesim.report.lots.engines import compared
from cesim.report.lots.headline import headline
from cesim.report.lots.heats import OUTCOMES, counts
from cesim.report.lots.proof import inputs_told, laws_told, mirror_told
from cesim.report.lots.trucks import truck_rows
from cesim.report.lots.ways import way_rows
from cesim.report.lots.works import CARS, LINES, WORKS, busy, cars_short, turned_away
from cesim.report.numbers import unit_name
from cesim.report.paths import process_name
from cesim.report.sheets import MOST_ROWS, Sheet, look_of
from cesim.text import has

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cesim.report.lots.view import LotView

MILLIGRAM: Final = 1e-9
"""t: sums of the book add up to it."""
QUANTITIES: Final = ("best", "median", "p05", "p95")


def sheets_of(view: LotView, terms: Sequence[str]) -> list[Sheet]:
    """Return all sheets in the order of the page."""
    return [
        _summary(view), _notes(view, terms), _ways(view), _engines(view), _heats(view), _works(view), _cars(view),
        _lines(view), _trucks(view), _flows(view),
    ]  # fmt: skip


def _heads(view: LotView, keys: Iterable[str]) -> list[str]:
    """Headings: `book.` keys are of the workbook, all others of the tables of the page."""
    return [view.writer.say(f"lots.{key}" if key.startswith("book.") else f"lots.column.{key}") for key in keys]


def _name(view: LotView, key: str) -> str:
    return view.writer.say(f"lots.book.{key}")


def _summary(view: LotView) -> Sheet:
    """Potential, what each limit costs, what is realised, and what the balance has."""
    say = view.writer.say
    rows = [[say(f"lots.step.{step}"), "t", *amount.numbers] for step, amount in view.steps.items()]
    rows.append([say("lots.column.balance"), "t", *view.returned_in_balance.numbers])
    titles = [*_heads(view, ("step",)), view.writer.words("unit_head"), *_heads(view, QUANTITIES)]
    return Sheet(_name(view, "summary"), titles, [44, 8, 14, 14, 14, 14], ["text", "text", *["mass"] * 4], rows)


def _notes(view: LotView, terms: Sequence[str]) -> Sheet:
    """How to read the book, what was asked, how it is proved, and what the words mean."""
    say, writer = view.writer.say, view.writer
    rows: list[list[Any]] = [[say("lots.title"), told] for told in headline(view)]
    rows += [["", say(f"lots.book.{key}")] for key in ("units", "ranges", "flows_note")]
    rows += [["", say(f"lots.explain.{limit}")] for limit in ("standard", "knowledge", "capacity")]
    rows += [["", say(f"lots.{key}")] for key in ("limits_order", "ways_note", "engines_why", "works_note", "use_note")]
    rows += [[label, told] for label, told in asked(view).items()]
    rows += [[say("lots.proof_head"), told] for told in (laws_told(view), mirror_told(view), inputs_told(view))]
    rows += [[writer.say("method_head"), say(f"lots.method_{at}")] for at in range(1, 5)]
    for key in terms:
        ja, en, meaning = say(f"terms.{key}").split(" | ")
        rows.append([f"{ja} / {en}", meaning])
    return Sheet(_name(view, "notes"), [_name(view, "notes"), ""], [44, 130], ["text", "text"], rows, filtered=False)


def _ways(view: LotView) -> Sheet:
    """Where the 6000-series metal came from and went; rows of a sum add up to it."""
    say = view.writer.say
    rows = [
        [say(f"lots.where.{name}"), say(f"lots.group.{group}"), "t", *amount.numbers]
        for name, group, amount in way_rows(view, MILLIGRAM)
    ]
    titles = [*_heads(view, ("where", "group")), view.writer.words("unit_head"), *_heads(view, QUANTITIES)]
    kinds = ["text", "text", "text", *["mass"] * 4]
    return Sheet(_name(view, "ways"), titles, [44, 28, 8, 14, 14, 14, 14], kinds, rows)


def _engines(view: LotView) -> Sheet:
    """Indicators of both engines."""
    rows, looks = [], []
    for one in compared(view):
        unit = {"share": "%", "t": "t"}.get(one.unit) or unit_name(one.unit, view.writer.words)
        there = one.balance.best
        rows.append([one.name, one.when, unit, *one.lots.numbers, there, one.lots.best - there])
        looks.append("fine" if one.unit == "share" else look_of(one.unit))
    titles = [
        *_heads(view, ("indicator", "year")), view.writer.words("unit_head"),
        *_heads(view, ("book.lots_value", *QUANTITIES[1:], "balance", "difference")),
    ]  # fmt: skip
    kinds = ["text", "text", "text", *["value"] * 6]
    return Sheet(_name(view, "engines"), titles, [60, 14, 8, *[16] * 6], kinds, rows, looks, 1)


def _heats(view: LotView) -> Sheet:
    """Heats with scrap by alloy and outcome."""
    rows = [[alloy, *(by[name] for name in OUTCOMES), sum(by.values())] for alloy, by in counts(view).items()]
    titles = _heads(view, ("alloy", *OUTCOMES, "all"))
    return Sheet(_name(view, "heats"), titles, [16, *[14] * 5], ["text", *["count"] * 5], rows)


def _works(view: LotView) -> Sheet:
    """All works through which anything went."""
    rows = [[one.name, one.came, one.inside, one.waiting, one.wait_h, one.utilisation] for one in busy(view)]
    titles = _heads(view, WORKS)
    return Sheet(
        _name(view, "works"), titles, [50, *[16] * 5], ["text", "count", "count", "mass", "mass", "share"], rows
    )


def _cars(view: LotView) -> Sheet:
    """Cars by region, and those whose parts stayed on."""
    titles = _heads(view, CARS)
    kinds = ["text", "count", "count", "count", "share"]
    return Sheet(_name(view, "cars"), titles, [24, *[16] * 4], kinds, [list(row) for row in cars_short(view)])


def _lines(view: LotView) -> Sheet:
    """Lots that passed sorting lines by."""
    titles = _heads(view, LINES)
    kinds = ["text", "count", "count", "share"]
    return Sheet(_name(view, "lines"), titles, [44, *[18] * 3], kinds, [list(row) for row in turned_away(view)])


def _trucks(view: LotView) -> Sheet:
    """Loads, distance, cost and CO2."""
    rows = [
        [name, view.writer.scale(unit).symbol, *_scaled(view, unit, amount.numbers)]
        for name, unit, amount in truck_rows(view)
    ]
    titles = [view.writer.say("column.figure"), view.writer.words("unit_head"), *_heads(view, QUANTITIES)]
    return Sheet(_name(view, "trucks"), titles, [30, 14, *[16] * 4], ["text", "text", *["mass"] * 4], rows)


def _scaled(view: LotView, unit: Any, numbers: Iterable[float | None]) -> list[float | None]:
    """The numbers in the unit that stands beside them."""
    factor = view.writer.scale(unit).factor
    return [None if number is None else number * factor for number in numbers]


def _flows(view: LotView) -> Sheet:
    """Flows of the best estimate, the largest first."""
    writer = view.writer
    frame = view.found.tables["flows"].sort_values("mass_t", ascending=False, kind="stable").head(MOST_ROWS)
    processes = {*frame["process_from"].unique(), *frame["process_to"].unique()}
    names = {process: process_name(str(process), writer.words) for process in processes}
    told = frame.assign(
        region=frame["region"].map(lambda key: view.place(str(key))),
        region_to=frame["region_to"].map(lambda key: view.place(str(key))),
        process_from=frame["process_from"].map(names),
        process_to=frame["process_to"].map(names),
        material=frame["material"].map(lambda key: _word(view, "path", str(key))),
        origin=frame["origin"].map(lambda key: _word(view, "origin_name", str(key))),
    )
    columns = ["year", "region", "region_to", "process_from", "process_to", "material", "alloy", "origin"]
    rows = told[[*columns, "mass_t", "lots"]].to_numpy(dtype=object).tolist()
    keys = ("year", "book.region", "book.region_to", "from", "to", "book.material", "book.alloy", "origin_head")
    titles = [*(writer.words(key) for key in keys), _name(view, "mass"), _name(view, "count")]
    kinds = ["year", *["text"] * 7, "mass", "count"]
    return Sheet(_name(view, "flows"), titles, [8, 14, 14, 28, 28, 12, 14, 24, 14, 12], kinds, rows)


def _word(view: LotView, room: str, key: str) -> str:
    return view.writer.words(f"{room}.{key}") if has(f"report.{room}.{key}", view.lang) else key
