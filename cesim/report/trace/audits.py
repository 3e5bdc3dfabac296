"""What an audit finds in the records alone, and how well what it suspects is what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.casthouse.tracks import Axis
from cesim.report.trace.curves import Curve, chart

if TYPE_CHECKING:
    from cesim.report.trace.view import TraceView

FIRST = "any"
"""The kind that stands before all others: any fault but those of honest people."""
TICKS = tuple((float(at), f"{at} %") for at in (0, 50, 100))


def audit_section(view: TraceView) -> Section | None:
    """Return the part on the audit; none where there is no table of it."""
    if not view.rows("audit"):
        return None
    heads, cells = view.cells("audit")
    tables = [Table(view.say("audit_table"), heads, cells, is_folded=True)]
    if view.rows("actors"):
        heads, cells = view.cells("actors")
        tables.append(Table(view.say("actors_table"), heads, cells, is_folded=True))
    figure = _curves(view)
    lead = [view.say("audit_lead")]
    if figure is not None:
        lead.append(view.say("roc_lead"))
        tables.append(_areas(view))
    notes = [view.say("audit_note"), view.say("actors_note")]
    figures = () if figure is None else (figure,)
    return Section("audit", view.say("audit_head"), tuple(lead), figures, tuple(tables), tuple(notes))


def _by_fault(view: TraceView) -> dict[str, list[dict[str, Any]]]:
    """Rows of the curves by kind of fault, all kinds together first; none where the truth is not known."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in view.rows("roc") if view.knows else ():
        found.setdefault(str(row["fault"]), []).append(row)
    return dict(sorted(found.items(), key=lambda item: item[0] != FIRST))


def _curves(view: TraceView) -> Figure | None:
    """Small curves side by side, one a kind of fault."""
    held = _by_fault(view)
    if not held:
        return None
    axis, names = Axis(0.0, 100.0, TICKS), (view.say("roc_across"), view.say("roc_up"))
    cells = []
    for fault, rows in held.items():
        points = tuple((100.0 * row["false_share"], 100.0 * row["hit_share"]) for row in rows)
        lines = [Curve("k-none", ((0.0, 0.0), (100.0, 100.0)), is_dashed=True), Curve("k-main", points)]
        told = view.say("roc_told", auc=_area(rows[0]), wrong=f"{int(rows[0]['wrong']):,}")
        cells.append(
            Markup('<div><h4>{}</h4><p class="note">{}</p>{}</div>').format(
                view.names.word("fault", fault), told, chart(lines, axis, axis, names, css="small")
            )
        )
    keys = (Key("k-main l-line", view.say("key.audit")), Key("k-none l-dash", view.say("key.coin")))
    body = Markup('<div class="multiples">{}</div>').format(Markup("").join(cells))
    return Figure(view.say("roc_figure"), body, keys, view.say("roc_note"), is_wide=True)


def _area(row: dict[str, Any]) -> str:
    error = row["auc_se"]
    has_error = error is not None and error == error  # a single wrong record has none
    return f"{row['auc']:.3f} ± {max(error, 0.0005):.3f}" if has_error else f"{row['auc']:.3f}"


def _areas(view: TraceView) -> Table:
    """One row a kind of fault; the points of the curves are in the workbook."""
    rows = tuple(
        (view.names.word("fault", fault), _area(rows[0]), f"{int(rows[0]['wrong']):,}", f"{int(rows[0]['right']):,}")
        for fault, rows in _by_fault(view).items()
    )
    heads = tuple(view.names.say(f"column.{key}") for key in ("fault", "auc", "wrong_records", "right"))
    return Table(view.say("roc_table"), heads, rows, is_folded=True)
