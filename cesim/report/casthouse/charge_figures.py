"""The pictures of a charge: its mix, its composition between the limits, its risk, what its limits cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from cesim.charge.heat_spread import spread_of_heats
from cesim.report.casthouse.mixbar import Piece, keys_of, kind_of, mix_bar
from cesim.report.casthouse.shell import Figure, Key
from cesim.report.casthouse.tracks import Axis, Mark, Row, axis_of, rows_of
from cesim.report.numbers import Scale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cesim.charge.answer import ChargeAnswer
    from cesim.charge.charge import Charge
    from cesim.report.casthouse.writing import Unit, Writer

PRICE_UNITS: Mapping[str, Unit] = {"cost": "jpy_t", "co2": "co2_t", "recycled": "points"}


@dataclass(frozen=True)
class Window:
    """One limit with both its ends, what the melt holds and where the heats fall; mass fractions."""

    name: str
    lower: float | None
    upper: float | None
    value: float
    low: float
    high: float
    binding: str
    """``lower``, ``upper`` or nothing."""


def pieces_of(mix: Mapping[str, float], charge: Charge) -> list[Piece]:
    """Return the materials of a mix with what they count as."""
    kinds: dict[str, str] = {lot.name: lot.recycled for lot in charge.sheet.lots}
    kinds |= {addition.name: kind_of(addition) for addition in charge.sheet.additions}
    return [Piece(name, kinds[name], mass) for name, mass in mix.items()]


def windows_of(answer: ChargeAnswer, charge: Charge) -> list[Window]:
    """Return every limit of the alloy, as far as it is none of the whole or of nothing."""
    sheet = charge.sheet
    seed = 0 if charge.risk is None else charge.risk.seed
    spread = spread_of_heats(sheet, answer.mix, seed=seed)
    fraction = np.array([answer.composition[name] for name in sheet.elements])
    ends: dict[str, dict[str, float]] = {}
    values: dict[str, float] = {}
    for end in sheet.ends:
        ends.setdefault(end.name, {})[end.side] = end.limit
        values[end.name] = float(end.weights @ fraction) + end.of_melt
    return [
        Window(
            name, own.get("lower"), own.get("upper"), values[name], *spread[name], str(answer.binding.get(name, ""))
        )
        for name, own in ends.items()
    ]  # fmt: skip


def mix_figure(pieces: Sequence[Piece], writer: Writer) -> Figure:
    """Return the mix as one bar."""
    return Figure(writer.say("charge.mix_figure"), mix_bar(pieces, writer), keys_of(pieces, writer))


def limit_figure(windows: Sequence[Window], writer: Writer) -> Figure:
    """Return the melt between its limits: each limit on its own scale, lower end left, upper end right."""
    axis = Axis(-0.12, 1.12)
    rows = [_window_row(window, writer) for window in windows if window.upper is not None or window.lower is not None]
    keys = (
        Key("k-wash", writer.say("charge.key_window")), Key("k-main", writer.say("charge.key_mean")),
        Key("k-soft", writer.say("charge.key_heats")), Key("k-hot", writer.say("charge.key_binding")),
    )  # fmt: skip
    note = writer.say("charge.composition_note")
    return Figure(writer.say("charge.composition_figure"), rows_of(rows, axis), keys, note)


def _window_row(window: Window, writer: Writer) -> Row:
    """Scale a limit so that its lower end (or nothing) is 0 and its upper end (or what the heats reach) is 1."""
    low = 0.0 if window.lower is None else window.lower
    high = max(window.high, window.value) * 1.1 if window.upper is None else window.upper
    size = (high - low) or max(high, 1e-9)

    def at(value: float) -> float:
        return (value - low) / size

    css = "k-hot" if window.binding else "k-main"
    marks = [Mark("wash", "k-wash", 0.0, 1.0), Mark("line", "k-soft", at(window.low), at(window.high))]
    marks += [Mark("tick", "k-edge", at(end)) for end in (window.lower, window.upper) if end is not None]
    if window.binding:
        marks.append(Mark("tick", "k-hot", 0.0 if window.binding == "lower" else 1.0))
    marks.append(Mark("dot", css, at(window.value)))
    beside = writer.say(
        "charge.between" if window.lower is not None and window.upper is not None
        else "charge.at_most" if window.upper is not None else "charge.at_least",
        low=writer.bare(low, "wt"), high=writer.bare(high, "wt"),
    )  # fmt: skip
    if window.binding:
        beside += writer.say("charge.binds")
    return Row(writer.limit(window.name), tuple(marks), writer.full(window.value, "wt"), beside, bool(window.binding))


def risk_figure(answer: ChargeAnswer, charge: Charge, writer: Writer) -> Figure:
    """Return the risk asked, the one the method counts on, and that of fresh heats with its bound."""
    risk = answer.realised_risk
    assert risk is not None
    rows = []
    factor = writer.scale("risk").factor

    def bar(key: str, value: float, css: str, *more: Mark, beside: str = "") -> None:
        marks = (Mark("bar", css, 0.0, factor * value), *more)
        rows.append(Row(writer.say(f"charge.risk_{key}"), marks, writer.full(value, "risk"), beside))

    if charge.risk is not None:
        bar("of_order", charge.risk.joint, "k-none")
    if answer.nominal_risk is not None:
        bar("nominal", answer.nominal_risk, "k-soft")
    low, high = risk.lower_bound, risk.upper_bound
    told = writer.say(
        "charge.risk_bounds", low=writer.full(low, "risk"), high=writer.full(high, "risk"), off=f"{risk.off:,}",
        heats=f"{risk.heats:,}",
    )  # fmt: skip
    bar("realised", risk.share, "k-main", Mark("line", "k-edge", factor * low, factor * high), beside=told)
    axis = axis_of([mark.end for row in rows for mark in row.marks])
    return Figure(writer.say("charge.risk_figure"), rows_of(rows, axis), note=writer.say("charge.risk_note"))


def price_told(change: float, answer: ChargeAnswer, writer: Writer) -> str:
    """Write what moving a limit by 0.01 points changes; where there is no charge any more, say so."""
    if not math.isfinite(change):
        return writer.say("charge.no_more")
    scale = writer.scale(PRICE_UNITS[answer.objective])
    fine = Scale(scale.factor, scale.symbol, None)
    if fine.bare(change) == "0":
        return writer.say("charge.no_change")
    return f"{'+' if change > 0 else ''}{fine.full(change)}"


def price_figures(answer: ChargeAnswer, writer: Writer) -> tuple[Figure, ...]:
    """Return what each binding limit costs, moved either way."""
    factor = writer.scale(PRICE_UNITS[answer.objective]).factor
    changes = {name: (-1e-4 * factor * down, 1e-4 * factor * up) for name, (down, up) in answer.shadow_prices.items()}
    axis = axis_of(value for pair in changes.values() for value in pair)
    figures = []
    for at, way in enumerate(("lowered", "raised")):
        rows = []
        for name, (down, up) in answer.shadow_prices.items():
            value = changes[name][at]
            marks = (Mark("bar", "k-main", 0.0, value),) if math.isfinite(value) else ()
            told = price_told(-1e-4 * down if at == 0 else 1e-4 * up, answer, writer)
            side = cast("str", answer.binding[name])
            rows.append(Row(writer.say(f"end_{side}", name=writer.limit(name)), marks, told))
        title = writer.say(f"charge.price_{way}", what=writer.say(f"charge.of_{answer.objective}"))
        figures.append(Figure(title, rows_of(rows, axis)))
    return tuple(figures)
