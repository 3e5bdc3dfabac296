"""What the streams of a study move, in the units of its scenarios: columns of tables that readers write and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.quantities import LawOfShares, LawOfYear, Quantity, TimePath
from cesim.sweep.alternatives import CHOICE, choices_of
from cesim.sweep.designs.headings import Heading, heading
from cesim.sweep.designs.table import Rule
from cesim.sweep.discovery.streams import drawn
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cesim.sweep.alternatives import Alternative
    from cesim.sweep.factors import Factor
    from cesim.sweep.study import Study

    Floats = NDArray[np.float64]

AGREE: Final = 1e-9
"""How far two columns of one number may say something else, of the value or of its range, whichever is greater."""


class HeadingError(Exception):
    """A heading that names no column; `code` and `arguments` are those of a fault."""

    def __init__(self, code: str, **arguments: object) -> None:
        super().__init__(code)
        self.code, self.arguments = code, arguments


@dataclass(frozen=True)
class Column:
    """One column: values of a number in a year, of a share or of a choice, or probabilities.

    Attributes
    ----------
    heading
        as tables have it
    streams
        what draws it: one, or those of shares that add to one
    law
        none for probabilities and choices
    key
        which of the shares
    options
        what a choice takes, as cells have it
    """

    heading: Heading
    streams: tuple[str, ...]
    law: LawOfYear | LawOfShares | None = None
    key: int = 0
    options: tuple[str, ...] = ()

    @property
    def rule(self) -> Rule:
        """What its cells may be."""
        if self.options:
            return Rule(options=self.options)
        if self.law is None:
            return Rule()
        low, high = self.law.support if isinstance(self.law, LawOfYear) else self.law.supports[self.key]
        if self.is_still:  # spreadsheets keep fifteen digits
            low, high = low - AGREE * abs(low), high + AGREE * abs(high)
        return Rule(low, high, is_probability=False)

    @property
    def is_still(self) -> bool:
        """Whether it is the same in all points."""
        return isinstance(self.law, LawOfYear) and self.law.is_certain

    def values(self, u: Sequence[Floats]) -> Floats:
        """Values (point,) at the probabilities of its streams; of a choice the number of what is taken."""
        if isinstance(self.law, LawOfShares):
            return self.law.draw(np.stack(u, axis=1))[:, self.key]
        if self.law is not None:
            return self.law.draw(u[0])
        if self.options:
            return np.minimum(np.floor(u[0] * len(self.options)), len(self.options) - 1.0)
        return u[0]


@dataclass(frozen=True)
class Number:
    """What one stream moves.

    Attributes
    ----------
    streams, key
        as in `Column`
    name
        its path in the scenario
    unit
        of its values
    held
        alternative -> what it is there, under each combination of sampled choices that draws it
    """

    streams: tuple[str, ...]
    key: int
    name: str
    unit: str = ""
    held: dict[str, list[Quantity | TimePath | LawOfShares]] = field(default_factory=dict)

    @property
    def stream(self) -> str:
        """The stream that is its own."""
        return self.streams[self.key]

    @property
    def is_dated(self) -> bool:
        """Whether what it may be differs from year to year."""
        return any(
            isinstance(one, TimePath) and len({knot.law for knot in one.knots.values()}) > 1
            for ways in self.held.values() for one in ways
        )  # fmt: skip

    @property
    def may_be_dated(self) -> bool:
        """Whether a year may be named."""
        return all(isinstance(one, TimePath) for ways in self.held.values() for one in ways)

    def laws(self, year: int) -> dict[str, LawOfYear | LawOfShares]:
        """Alternative -> what it may be in a year; raises `HeadingError` where only probabilities tell."""
        found: dict[str, LawOfYear | LawOfShares] = {}
        for alternative, ways in self.held.items():
            own = {_law(one, year) for one in ways}
            if len(own) > 1:
                raise HeadingError("sweep_table_only_probability", found=self.name)
            found[alternative] = own.pop()
        distinct = set(found.values())
        if not found or (len(distinct) > 1 and any(isinstance(law, LawOfShares) for law in distinct)):
            raise HeadingError("sweep_table_only_probability", found=self.name)
        return found


@dataclass(frozen=True)
class Numbers:
    """Everything that a study varies, by the names of its readers.

    Attributes
    ----------
    numbers
        name -> what varies, without choices; in the order of the streams
    choices
        path -> what may be taken, as cells have it
    wandering
        numbers without a column
    years
        of the scenarios, from the first cohort of cars on, and those of their reports
    """

    numbers: dict[str, Number]
    choices: dict[str, tuple[str, ...]]
    wandering: tuple[str, ...]
    years: tuple[int, ...]
    report_years: tuple[int, ...]

    def column(self, text: str) -> Column:
        """Return the column of a heading; raises `HeadingError`."""
        told = heading(text)
        name = told.name.removeprefix(CHOICE)
        if name in self.choices:
            return self._choice(told, name)
        if name not in self.numbers:
            if name in self.wandering:
                raise HeadingError("sweep_table_wanders", found=name)
            near = nearest(told.name, (*self.numbers, *self.choices))
            raise HeadingError("sweep_table_column_unknown", found=told.name, nearest=near)
        number = self.numbers[name]
        if told.is_probability:
            return Column(told, (number.stream,))
        return self._values(told, number)

    def columns(self, streams: Sequence[str]) -> Iterator[Column]:
        """Go through the columns that tell what some streams move, in the years of the report."""
        named = {number.stream: number for number in self.numbers.values()}
        for stream in streams:
            if stream.startswith(CHOICE):
                path = stream.removeprefix(CHOICE)
                yield Column(Heading(path), (stream,), options=self.choices[path])
            else:
                yield from self._told(named[stream])

    def _told(self, number: Number) -> list[Column]:
        """Return the columns that tell one number; its probabilities where no value does."""
        years = self.report_years if number.is_dated else (None,)
        try:
            made = [column for year in years for column in self._in_year(number, year)]
        except HeadingError:
            made = []
        if all(column.is_still for column in made):  # as where its range begins after the years of the report
            return [Column(Heading(number.name, is_probability=True), (number.stream,))]
        return made

    def _in_year(self, number: Number, year: int | None) -> Iterator[Column]:
        """Yield the column of a number in a year, one for each range that it has in some alternative."""
        laws = number.laws(self.years[0] if year is None else year)
        first = {law: name for name, law in reversed(laws.items())}
        for law, alternative in reversed(first.items()):
            where = None if len(first) == 1 else alternative
            told = Heading(number.name, unit=number.unit, year=year, alternative=where)
            yield Column(told, _streams(number, law), law, number.key)

    def _choice(self, told: Heading, path: str) -> Column:
        if told.is_probability:
            return Column(told, (f"{CHOICE}{path}",))
        if told != Heading(path):
            raise HeadingError("sweep_table_choice_heading", found=str(told), name=path)
        return Column(told, (f"{CHOICE}{path}",), options=self.choices[path])

    def _values(self, told: Heading, number: Number) -> Column:
        if told.unit is None:
            year = self.report_years[-1] if number.is_dated and told.year is None else told.year
            value = Heading(number.name, unit=number.unit, year=year)
            raise HeadingError("sweep_table_bare", found=str(told), value=str(value), chance=f"p({number.name})")
        if told.unit != number.unit:
            raise HeadingError("sweep_table_unit", found=told.unit, name=number.name, wanted=number.unit)
        if told.year is None and number.is_dated:
            value = Heading(number.name, unit=number.unit, year=self.report_years[-1])
            raise HeadingError("sweep_table_needs_year", found=number.name, value=str(value))
        if told.year is not None and not number.may_be_dated:
            raise HeadingError("sweep_table_no_years", found=number.name)
        if told.year is not None and told.year not in self.years:
            raise HeadingError("sweep_table_year_outside", found=told.year, first=self.years[0], last=self.years[-1])
        law = self._law(told, number)
        return Column(told, _streams(number, law), law, number.key)

    def _law(self, told: Heading, number: Number) -> LawOfYear | LawOfShares:
        laws = number.laws(self.years[0] if told.year is None else told.year)
        if told.alternative is not None:
            if told.alternative not in laws:
                near, found = nearest(told.alternative, tuple(laws)), told.alternative
                raise HeadingError(
                    "sweep_table_alternative", found=found, name=number.name, nearest=near, allowed=list(laws)
                )
            return laws[told.alternative]
        if len(set(laws.values())) > 1:
            one, other = list({law: name for name, law in reversed(laws.items())}.values())[-1:-3:-1]
            raise HeadingError(
                "sweep_table_laws_differ", found=number.name, one=one, other=other, value=f"{told} in {one}"
            )
        return next(iter(laws.values()))


def numbers_of(study: Study, factors: Sequence[Factor], alternatives: Sequence[Alternative]) -> Numbers:
    """Return what the streams of some factors move."""
    held: dict[str, Number] = {}
    streams = [stream for factor in factors for stream in factor.streams if not stream.startswith(CHOICE)]
    for alternative in alternatives:
        for way in alternative.ways:
            for one in drawn(way.scenario):
                for key, stream in enumerate(one.streams):
                    number = held.setdefault(stream, Number(one.streams, key, stream, _unit(one.held)))
                    law = LawOfShares.of(one.held) if isinstance(one.held, Mapping) else one.held
                    number.held.setdefault(alternative.name, []).append(law)
    scenario = alternatives[0].scenario
    return Numbers(
        {stream: held.get(stream) or Number((stream,), 0, stream) for stream in streams},
        {choice.path: tuple(map(written, choice.values)) for choice in choices_of(study)},
        tuple(factor.name for factor in factors if not factor.streams),
        tuple(range(scenario.years.fleet_from, scenario.years.end + 1)),
        tuple(int(year) for year in scenario.report.years),
    )  # fmt: skip


def written(value: object) -> str:
    """Return what a sampled lever takes as a cell has it; a list with plus signs."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "+".join(map(written, value))
    return str(value)


def _law(held: Quantity | TimePath | LawOfShares, year: int) -> LawOfYear | LawOfShares:
    if isinstance(held, LawOfShares):
        return held
    return LawOfYear(held.law, held.law) if isinstance(held, Quantity) else held.law_of(year)


def _streams(number: Number, law: LawOfYear | LawOfShares) -> tuple[str, ...]:
    return number.streams if isinstance(law, LawOfShares) else (number.stream,)


def _unit(held: Quantity | TimePath | Mapping[str, Quantity]) -> str:
    if isinstance(held, Quantity):
        return held.unit
    return next(iter(held.knots.values() if isinstance(held, TimePath) else held.values())).unit
