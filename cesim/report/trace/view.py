"""What a trace says, as its report needs it: its tables, its names, and the words to tell them in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from cesim.report.casthouse.tracks import Axis, axis_of
from cesim.report.casthouse.writing import Writer
from cesim.report.trace.columns import cells_of, columns_of, heading, written
from cesim.report.trace.findings import products_told
from cesim.report.trace.names import Names, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.run.trace.tracing import Tracing
    from cesim.text import Language

MOST_PRODUCTS: Final = 6
"""A pilot may have any number of items; the largest are drawn, all are in the tables."""


@dataclass(frozen=True)
class TraceView:
    """A trace and the words to tell it in."""

    names: Names
    writer: Writer

    @property
    def tracing(self) -> Tracing:
        """The trace."""
        return self.names.tracing

    @property
    def knows(self) -> bool:
        """Whether the truth is known."""
        return self.tracing.truth is not None

    @cached_property
    def products(self) -> list[str]:
        """The products that are drawn, in the order of the tables."""
        mass: dict[str, float] = {}
        for row in self.rows("claims"):
            mass[str(row["product"])] = float(row["output_mg"] or 0)
        told = products_told(self.tracing)
        kept = sorted(told, key=lambda product: -mass.get(product, 0.0))[:MOST_PRODUCTS]
        return [product for product in told if product in kept]

    def say(self, key: str, **arguments: object) -> str:
        """Return the text of `report.casthouse.trace.<key>`."""
        return self.writer.say(f"trace.{key}", **arguments)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a table."""
        return rows_of(self.tracing, name)

    def product(self, key: str) -> str:
        """Name of a product."""
        return self.names.word("product", key)

    def share(self, value: float | None) -> str:
        """Write a share; a dash where there is none."""
        return self.writer.say("undefined") if value is None else self.writer.full(value, "share")

    def tonnes(self, value: float) -> str:
        """Write a mass, from a hundred t on without a decimal."""
        return f"{value:,.0f} t" if value >= 100.0 else f"{value:,.1f} t"

    def between(self, low: float | None, high: float | None) -> str:
        """Write an interval of shares."""
        if low is None or high is None:
            return self.writer.say("undefined")
        return self.say("between", low=self.writer.bare(low, "share"), high=self.writer.full(high, "share"))

    def cells(self, what: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Return headings and rows of a table as text."""
        columns = columns_of(self.names, what)
        rows = tuple(
            tuple(
                written(cell, one.look).replace("-", "−") if one.look != "text" else str(cell or "")
                for cell, one in zip(row, columns, strict=True)
            )
            for row in cells_of(self.names, what)
        )
        return tuple(heading(one, self.names) for one in columns), rows


def share_axis(values: Iterable[float]) -> Axis:
    """Return a scale in percent that holds all shares, with percent behind its numbers."""
    axis = axis_of(100.0 * value for value in values)
    if (axis.low, axis.high) == (0.0, 100.0):
        return whole_axis()
    return Axis(axis.low, axis.high, tuple((at, f"{text} %") for at, text in axis.ticks), axis.has_zero)


def whole_axis() -> Axis:
    """Return a scale from nothing to all, in percent."""
    return Axis(0.0, 100.0, tuple((float(at), f"{at} %") for at in (0, 25, 50, 75, 100)))


def view_of(tracing: Tracing, lang: Language) -> TraceView:
    """Return what a trace says in a language."""
    return TraceView(Names(tracing, lang), Writer(lang))
