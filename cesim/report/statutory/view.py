"""A statement and the words to tell it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.report.casthouse.writing import Writer
from cesim.report.read import in_language
from cesim.report.statutory.blocks import written

if TYPE_CHECKING:
    from fractions import Fraction

    from cesim.orders.maker import Period
    from cesim.report.statutory.statement import Statement
    from cesim.text import Language


@dataclass(frozen=True)
class View:
    """A statement in one language."""

    statement: Statement
    writer: Writer

    @property
    def lang(self) -> Language:
        """Of the words."""
        return self.writer.lang

    def say(self, key: str, **arguments: object) -> str:
        """Return the text of `report.casthouse.statutory.<key>`."""
        return self.writer.say(f"statutory.{key}", **arguments)

    @property
    def nothing(self) -> str:
        """What stands where there is no number."""
        return self.writer.say("undefined")

    @property
    def watermark(self) -> str:
        """What must stand on every page of a statement of no maker; empty for that of a maker."""
        return self.say("watermark") if self.statement.is_national else ""

    @property
    def who(self) -> str:
        """Name of the maker, or the regions of the run."""
        if self.statement.maker is not None:
            return self.statement.maker.maker
        return self.say("all_cars", regions=self.regions)

    @property
    def regions(self) -> str:
        """Names of the regions of the run."""
        found = self.statement.national
        return self.writer.join(in_language(one["name"], self.lang) for one in found.about["regions"]) if found else ""

    @property
    def scenario(self) -> str:
        """Name of the scenario of the run."""
        found = self.statement.national
        return in_language(found.about["scenario"]["name"], self.lang) if found else ""

    @property
    def period(self) -> str:
        """The twelve months in words."""
        return self.named(self.statement.period)

    def named(self, period: Period) -> str:
        """Return a period in words."""
        if period.is_fiscal:
            return self.say("period.fiscal", year=period.year, next=period.year + 1)
        return self.say("period.calendar", year=period.year)

    def year(self, year: int) -> str:
        """Return a year of the kind of the statement, short."""
        return self.say("period.short_fiscal" if self.statement.period.is_fiscal else "period.short", year=year)

    def origin(self, key: str) -> str:
        """Name of a stream."""
        return self.say(f"origin.{key}")

    def tonnes(self, kg: int) -> str:
        """Write a mass in t."""
        return f"{kg / 1000:,.1f} t"

    def share(self, value: Fraction) -> str:
        """Write a share with two decimals."""
        return written(value, "fine", self.nothing)

    def yes(self, is_so: bool) -> str:
        """Write whether a stream counts."""
        return self.say("counts.yes" if is_so else "counts.no")


def view_of(statement: Statement, lang: Language) -> View:
    """Return a statement in a language."""
    return View(statement, Writer(lang))
