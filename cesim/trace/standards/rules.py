"""What may stand in a document, as tables of shapes; one small walker reads them.

A rule is called with a value, its place and the list of objections. It notes what is wrong and goes on, so that all
faults come at once. The rules here know JSON only; what a field of the standard may hold stand in the files beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cesim.trace.standards.places import kind

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from cesim.trace.standards.places import At, Objections, Rule


def anything(value: Any, at: At, found: Objections) -> None:
    """Any value."""


def text(value: Any, at: At, found: Objections) -> None:
    """Any text; it is data, whatever it says."""
    if type(value) is not str:
        found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="string")


def truth(value: Any, at: At, found: Objections) -> None:
    """True or false."""
    if type(value) is not bool:
        found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="boolean")


def pattern(code: str, expression: re.Pattern[str]) -> Rule:
    """Return the rule of a text that follows a pattern from its beginning to its end."""
    matches = expression.fullmatch

    def rule(value: Any, at: At, found: Objections) -> None:
        if type(value) is not str:
            found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="string")
        elif matches(value) is None:
            found.refuse(code, at, found=value)

    return rule


@dataclass(frozen=True, slots=True)
class Several:
    """The rule of a list: what each entry may be, how many there are at least, whether they must differ."""

    entry: Rule
    least: int = 0
    distinct: bool = False

    def __call__(self, value: Any, at: At, found: Objections) -> None:
        """Look at a list and at everything in it."""
        if type(value) is not list:
            found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="array")
            return
        if len(value) < self.least:
            found.refuse("epcis_too_few", at, found=len(value), least=self.least)
        entry = self.entry
        for number, one in enumerate(value):
            entry(one, (at, number), found)
        if self.distinct and len(value) > 1:
            _check_distinct(value, at, found)


@dataclass(frozen=True, slots=True)
class Shape:
    """The rule of an object: its fields, those it must have, which other names it may have, and laws of the whole."""

    fields: dict[str, Rule]
    required: tuple[str, ...] = ()
    others: Callable[[str], str | None] | None = None
    """Returns the code of the fault that another name is, or nothing if it may stand; without it, any name may."""
    laws: tuple[Rule, ...] = ()

    def __call__(self, value: Any, at: At, found: Objections) -> None:
        """Look at an object and at everything in it that the standard knows."""
        if type(value) is not dict:
            found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="object")
            return
        fields, others = self.fields, self.others
        for name, inner in value.items():
            rule = fields.get(name)
            if rule is not None:
                rule(inner, (at, name), found)
            elif others is not None and (code := others(name)) is not None:
                near = found.near(name, fields)
                found.refuse(code, (at, name), found=name, allowed=tuple(fields), nearest=near)
        for name in self.required:
            if name not in value:
                found.refuse("epcis_missing", at, found=name)
        for law in self.laws:
            law(value, at, found)


def nothing_else(name: str) -> str | None:  # noqa: ARG001 -- as the other judges of names
    """No name but those of the table."""
    return "epcis_unknown_name"


def _check_distinct(entries: list[Any], at: At, found: Objections) -> None:
    first: dict[Any, int] = {}
    for number, one in enumerate(entries):
        key = one if type(one) is str else _frozen(one)
        if first.setdefault(key, number) != number:
            found.refuse("epcis_repeated", (at, number), found=one, other=found.place((at, first[key])))


def _frozen(value: Any) -> Any:
    """Return a key that is the same for values that JSON takes as equal: 1 and 1.0, but not 1 and true."""
    if isinstance(value, dict):
        return "object", frozenset((name, _frozen(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return "array", tuple(_frozen(inner) for inner in value)
    return kind(value), value
