"""The page of a charge: what goes in, how near each limit is, how sure that is, what a limit costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.charge_figures import (
    limit_figure,
    mix_figure,
    pieces_of,
    price_figures,
    price_told,
    risk_figure,
    windows_of,
)
from cesim.report.casthouse.nothing import nothing_section
from cesim.report.casthouse.shell import Page, Section, Table, paired, render
from cesim.report.casthouse.two_stage import two_stage_section
from cesim.report.casthouse.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cesim.charge.answer import ChargeAnswer
    from cesim.charge.charge import Charge
    from cesim.charge.correction import CorrectedCharge
    from cesim.report.casthouse.shell import Expectation
    from cesim.text import Language

TERMS = (
    "charge",
    "heat",
    "lot",
    "recycled",
    "post_consumer",
    "pre_consumer",
    "risk",
    "bound",
    "shadow_price",
    "window",
)


def charge_page(
    answer: ChargeAnswer,
    lang: Language,
    *,
    charge: Charge,
    title: str,
    asked: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    expected: Sequence[Expectation] = (),
    remarks: Sequence[str] = (),
    corrected: CorrectedCharge | None = None,
) -> str:
    """Return the page of an answer as HTML text.

    Parameters
    ----------
    charge
        What was asked: its alloy has the windows, its yard says what each lot counts as.
    title
        Name of the file that asked.
    asked
        Label -> text of what was asked, in order.
    expected
        What the file expects of the answer.
    remarks
        Sentences on what the answer leaves aside.
    corrected
        The same charge planned with a correction after the analysis of the melt, where that was asked too.
    """
    writer = Writer(lang)
    is_there = answer.status == "optimal"
    sections = _sections(answer, charge, writer) if is_there else [nothing_section(answer, writer)]
    if corrected is not None:
        sections.append(two_stage_section(corrected, charge, writer))
    page = Page(
        writer=writer,
        kind="charge",
        title=title,
        headline=tuple(_headline(answer, charge, writer)),
        sections=tuple(sections),
        terms=TERMS,
        is_bad=not is_there,
        alarms=(sentence(answer.why(lang)),) if is_there and answer.reasons else (),
        more_method=(answer.method_reason.words(lang), *_read(charge, writer)) if is_there else _read(charge, writer),
        asked=paired(asked),
        expected=tuple(expected),
        remarks=tuple(remarks),
    )
    return render(page)


def _headline(answer: ChargeAnswer, charge: Charge, writer: Writer) -> list[str]:
    mass, alloy = writer.given(charge.furnace.mass, "t"), charge.alloy.name
    if answer.status != "optimal":
        return [writer.say("charge.none", mass=mass, alloy=alloy), sentence(answer.why(writer.lang))]
    assert answer.recycled_content is not None
    assert answer.post_consumer is not None
    assert answer.cost is not None
    assert answer.co2 is not None
    told = [
        writer.say(
            f"charge.first_{answer.objective}", mass=mass, alloy=alloy,
            recycled=writer.full(answer.recycled_content, "share"), post=writer.full(answer.post_consumer, "share"),
            cost=writer.full(answer.cost / answer.melt, "jpy_t"), co2=writer.full(answer.co2 / answer.melt, "co2_t"),
        ),
        _stopped(answer, writer),
    ]  # fmt: skip
    if answer.realised_risk is not None:
        risk = answer.realised_risk
        key = "charge.risk_asked" if charge.risk is not None else "charge.risk_found"
        told.append(
            writer.say(
                key, heats=f"{risk.heats:,}", share=writer.full(risk.share, "risk"),
                bound=writer.full(risk.upper_bound, "risk"),
                **({"asked": writer.given(charge.risk.joint, "share")} if charge.risk is not None else {}),
            )
        )  # fmt: skip
    return told


def sentence(words: str) -> str:
    """Return a reason with a capital letter, so that it can stand alone."""
    return words[:1].upper() + words[1:]


def _stopped(answer: ChargeAnswer, writer: Writer) -> str:
    """Say which limits stop a better charge, and what the dearest is worth."""
    if not answer.binding:
        return writer.say("charge.no_limit")
    moves = {
        name: pair[1] if answer.binding[name] == "upper" else -pair[0]
        for name, pair in answer.shadow_prices.items() if name in answer.binding
    }  # fmt: skip
    same = writer.say("charge.no_change")
    felt = [name for name, move in moves.items() if price_told(1e-4 * move, answer, writer) != same]
    names = writer.join(
        writer.say(f"end_{answer.binding[name]}", name=writer.limit(name)) for name in felt or answer.binding
    )
    if not felt:
        return writer.say("charge.stops", names=names)
    sign = 1.0 if answer.objective == "recycled" else -1.0
    best = max(felt, key=lambda name: sign * moves[name])
    return writer.say(
        f"charge.stops_{'up' if answer.binding[best] == 'upper' else 'down'}", names=names, name=writer.limit(best),
        what=writer.say(f"charge.what_{answer.objective}"),
        change=price_told(1e-4 * moves[best], answer, writer),
    )  # fmt: skip


def _sections(answer: ChargeAnswer, charge: Charge, writer: Writer) -> list[Section]:
    pieces = pieces_of(answer.mix, charge)
    windows = windows_of(answer, charge)
    found = [
        Section(
            "mix", writer.say("charge.mix_head"), (writer.say("charge.mix_lead"),),
            (mix_figure(pieces, writer),), (_mix_table(answer, charge, writer), _figures_table(answer, writer)),
        ),
        Section(
            "composition", writer.say("charge.composition_head"), (writer.say("charge.composition_lead"),),
            (limit_figure(windows, writer),), (_composition_table(answer, charge, writer),),
        ),
    ]  # fmt: skip
    if answer.realised_risk is not None:
        found.append(
            Section(
                "risk", writer.say("charge.risk_head"), (writer.say("charge.risk_lead"),),
                (risk_figure(answer, charge, writer),),
            )
        )  # fmt: skip
    if answer.shadow_prices:
        found.append(
            Section(
                "prices", writer.say("charge.price_head"), (writer.say("charge.price_lead"),),
                price_figures(answer, writer), (_price_table(answer, writer),),
            )
        )  # fmt: skip
    return found


def _mix_table(answer: ChargeAnswer, charge: Charge, writer: Writer) -> Table:
    of = {material.name: material for material in charge.sheet.materials}
    kinds = {piece.name: writer.say(f"kind.{piece.kind}") for piece in pieces_of(answer.mix, charge)}
    whole = sum(answer.mix.values())
    columns = ("material", "counts_as", "mass_t", "share_pc", "stock_t", "price_jpy_t", "co2_t_t")
    rows = []
    for name, mass in sorted(answer.mix.items(), key=lambda item: -item[1]):
        stock = of[name].stock
        left = writer.say("as_wanted") if stock is None else writer.bare(stock, "t")
        price, co2 = writer.bare(of[name].price, "jpy_t"), writer.bare(of[name].co2, "co2_t")
        rows.append((name, kinds[name], writer.bare(mass, "t"), writer.bare(mass / whole, "share"), left, price, co2))
    return Table(writer.say("charge.mix_table"), _heads(columns, writer), tuple(rows))


def _figures_table(answer: ChargeAnswer, writer: Writer) -> Table:
    assert answer.recycled_content is not None
    assert answer.post_consumer is not None
    assert answer.pre_consumer is not None
    assert answer.cost is not None
    assert answer.co2 is not None
    melt = answer.melt
    rows = [
        ("recycled_content", writer.full(answer.recycled_content, "share")),
        ("post_content", writer.full(answer.post_consumer, "share")),
        ("pre_content", writer.full(answer.pre_consumer, "share")),
        ("melt", writer.full(melt, "t")),
        ("cost_heat", writer.full(answer.cost, "jpy")),
        ("cost_t", writer.full(answer.cost / melt, "jpy_t")),
        ("co2_heat", writer.full(answer.co2, "co2")),
        ("co2_each", writer.full(answer.co2 / melt, "co2_t")),
    ]
    told = tuple((writer.say(f"column.{key}"), value) for key, value in rows)
    return Table(writer.say("charge.figures_table"), _heads(("figure", "value"), writer), told)


def _composition_table(answer: ChargeAnswer, charge: Charge, writer: Writer) -> Table:
    windows = {window.name: window for window in windows_of(answer, charge)}
    rows = []
    for name in dict.fromkeys((*windows, *answer.composition)):
        window = windows.get(name)
        value = window.value if window else answer.composition[name]
        ends = (window.lower, window.upper, window.low, window.high) if window else (None,) * 4
        told = tuple("" if end is None else writer.bare(end, "wt") for end in ends)
        binds = writer.say(f"end_{window.binding}", name="").strip() if window and window.binding else ""
        rows.append((writer.limit(name), writer.bare(value, "wt"), *told, binds))
    columns = ("element", "mean_wt", "lower_wt", "upper_wt", "low_heats_wt", "high_heats_wt", "stops")
    return Table(writer.say("charge.composition_table"), _heads(columns, writer), tuple(rows), is_folded=True)


def _price_table(answer: ChargeAnswer, writer: Writer) -> Table:
    rows = [
        (
            writer.say(f"end_{answer.binding[name]}", name=writer.limit(name)),
            price_told(-1e-4 * down, answer, writer), price_told(1e-4 * up, answer, writer),
        )
        for name, (down, up) in answer.shadow_prices.items()
    ]  # fmt: skip
    return Table(writer.say("charge.price_table"), _heads(("limit", "lowered", "raised"), writer), tuple(rows))


def _heads(keys: Iterable[str], writer: Writer) -> tuple[str, ...]:
    return tuple(writer.say(f"column.{key}") for key in keys)


def _read(charge: Charge, writer: Writer) -> tuple[str, ...]:
    """Say where the limits of the alloy come from, and how many of them nobody has read in a source."""
    alloy = charge.alloy
    if not alloy.rows:
        return (writer.say("limits_own", alloy=alloy.name),)
    return (writer.say("limits_read", alloy=alloy.name, count=len(alloy.rows), unverified=len(alloy.unverified)),)
