"""Why there is no charge, what would help, and the limits that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from cesim.report.casthouse.shell import Figure, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of

if TYPE_CHECKING:
    from cesim.charge.answer import ChargeAnswer
    from cesim.report.casthouse.writing import Writer


def nothing_section(answer: ChargeAnswer, writer: Writer) -> Section:
    """Return the part of the page that stands in place of a charge."""
    missed = [one.words(writer.lang) for one in answer.reasons if not one.code.startswith("remedy_")]
    ways = [one.words(writer.lang) for one in answer.reasons if one.code.startswith("remedy_")]
    figures = [_list("missed", missed, writer)]
    figures += [_list("ways", ways, writer)] if ways else []
    tables: tuple[Table, ...] = ()
    if answer.certificate:
        figures.append(_proof(answer, writer))
        rows = tuple((_name(name, writer), f"{weight:.4g}") for name, weight in answer.certificate.items())
        heads = (writer.say("column.limit"), writer.say("column.weight"))
        tables = (Table(writer.say("nothing.proof_table"), heads, rows, is_folded=True),)
    lead = writer.say("nothing.lead" if answer.certificate else "nothing.searched")
    return Section("why", writer.say("nothing.head"), (lead,), tuple(figures), tables)


def _list(key: str, told: list[str], writer: Writer) -> Figure:
    items = Markup("").join(Markup("<li>{}</li>").format(one) for one in told)
    return Figure(writer.say(f"nothing.{key}"), Markup('<ul class="ways">{}</ul>').format(items), is_wide=True)


def _proof(answer: ChargeAnswer, writer: Writer) -> Figure:
    """Return the weights of the proof, as shares of the largest."""
    largest = max(abs(weight) for weight in answer.certificate.values())
    sizes = {name: abs(weight) / largest for name, weight in answer.certificate.items()}
    axis = axis_of([100.0 * size for size in sizes.values()])
    rows = [
        Row(_name(name, writer), (Mark("bar", "k-main", 0.0, 100.0 * size),), writer.full(size, "share"))
        for name, size in sorted(sizes.items(), key=lambda item: -item[1])
    ]
    note = writer.say("nothing.proof_note")
    return Figure(writer.say("nothing.proof"), rows_of(rows, axis), note=note, is_wide=True)


def _name(row: str, writer: Writer) -> str:
    """Name of a row of the programme: ``Fe upper``, ``Mg lower``, ``melt``."""
    name, _, side = row.rpartition(" ")
    if name and side in ("lower", "upper"):
        return writer.say(f"end_{side}", name=writer.limit(name))
    return writer.say("nothing.melt") if row == "melt" else row
