"""The shell of a casthouse page: headline, figures, tables, method, words; one file that loads nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined

from cesim.report.inlined import asset
from cesim.report.kept_templates import KeptTemplates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markupsafe import Markup

    from cesim.report.casthouse.writing import Writer

_TEMPLATES = KeptTemplates()


class Expectation(Protocol):
    """One line of what an order expects of its answer."""

    @property
    def line(self) -> str:
        """As it was written."""

    @property
    def found(self) -> float | None:
        """The number that was found; None where there is none."""

    @property
    def holds(self) -> bool:
        """Whether it is as expected."""


@dataclass(frozen=True)
class Key:
    """One entry of a legend."""

    css: str
    """Class of its colour."""
    name: str


@dataclass(frozen=True)
class Figure:
    """One picture with its heading, its legend and what has to be said about it."""

    title: str
    body: Markup
    keys: tuple[Key, ...] = ()
    note: str = ""
    is_wide: bool = False
    """Whether it takes the whole width of the page."""


@dataclass(frozen=True)
class Table:
    """Numbers; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    id: str = ""
    is_folded: bool = False
    """Whether it is opened by hand."""
    kinds: tuple[str, ...] = ()
    """Class of each column: nothing for a number, `words` for text, `mark` for a sign; all numbers where left out."""
    sums: int = 0
    """How many of the last rows are sums."""


@dataclass(frozen=True)
class Section:
    """A part of a page under one heading."""

    id: str
    head: str
    lead: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """Everything on one page, in words."""

    writer: Writer
    kind: str
    """Which page it is; the catalogue has its title, method and limits under this name."""
    title: str
    """Name of the file that asked."""
    headline: tuple[str, ...]
    """The answer in a sentence or two, the most important first."""
    sections: tuple[Section, ...]
    terms: tuple[str, ...]
    """Words that are explained."""
    is_bad: bool = False
    """Whether the answer is that there is none."""
    alarms: tuple[str, ...] = ()
    """What must not be overlooked."""
    more_method: tuple[str, ...] = ()
    """What is to be said about the method of this very answer."""
    method: int = 4
    """How many sentences on method and limits the catalogue has."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """Label -> what was asked."""
    expected: tuple[Expectation, ...] = ()
    remarks: tuple[str, ...] = ()
    """What the answer leaves aside."""
    inputs: str = "inputs_only"
    """Key of the sentence on where the numbers that went in are from."""
    called: str = ""
    """What the page is called, where not as all of its kind are."""
    watermark: str = ""
    """What is written across every page of paper, and across the window."""


def paired(asked: Mapping[str, str] | Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what was asked as label -> text, in the order given."""
    return dict(asked)


def render(page: Page) -> str:
    """Return the page as text."""
    writer = page.writer
    room = Environment(
        loader=PackageLoader("cesim.report.casthouse"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_TEMPLATES,
    )
    expected = [
        (one.holds, one.line, writer.say("expected.nothing") if one.found is None else f"{one.found:.6g}")
        for one in page.expected
    ]
    return room.get_template("page.html.j2").render(
        page=page,
        w=writer.say,
        report=writer.words,
        lang=writer.lang,
        method=[*page.more_method, *(writer.say(f"{page.kind}.method_{at}") for at in range(1, page.method + 1))],
        terms=[writer.say(f"terms.{key}").split(" | ") for key in page.terms],
        asked=list(page.asked.items()),
        expected=expected,
        style=asset("templates/report.css"),
        own_style=asset("casthouse/templates/casthouse.css"),
        script=asset("casthouse/templates/casthouse.js"),
    )
