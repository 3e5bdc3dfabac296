"""How an interval [provable, possible] is drawn on a strip: dark up to what is proved, pale up to what may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Key
from cesim.report.casthouse.tracks import Mark

if TYPE_CHECKING:
    from cesim.report.trace.view import TraceView


def marks_of(
    provable: float | None, possible: float | None, claimed: float | None = None, true: float | None = None
) -> tuple[Mark, ...]:
    """Return the marks of a row, shares in percent; what is None is not drawn."""
    marks = []
    if provable is not None and possible is not None:
        marks.append(Mark("bar", "k-main", 0.0, 100.0 * provable))
        marks.append(Mark("bar", "k-soft", 100.0 * provable, 100.0 * possible))
    if claimed is not None:
        marks.append(Mark("tick", "k-second", 100.0 * claimed))
    if true is not None:
        marks += [Mark("dot", css, 100.0 * true) for css in ("k-paper", "k-ink")]  # a white rim on dark bars
    return tuple(marks)


def keys_of(view: TraceView, *, claimed: bool = False) -> tuple[Key, ...]:
    """Return the legend."""
    keys = [Key("k-main", view.say("key.provable")), Key("k-soft", view.say("key.possible"))]
    if claimed:
        keys.append(Key("k-second l-tick", view.say("key.claimed")))
    if view.knows:
        keys.append(Key("k-ink l-dot", view.say("key.true")))
    return tuple(keys)
