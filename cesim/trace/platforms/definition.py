"""A platform told by data: roles, kinds of records with their fields, who sees which, how late, who answers.

Read from a plain mapping; whoever reads a file hands it over. Everything that is wrong is told at once, at its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KINDS: Final = ("text", "number", "whole", "choice")
PUBLIC: Final = "public"
"""Role of whoever is none of the platform's."""
ALL: Final = "all"
_PLATFORM: Final = ("name", "title", "public", "roles", "records", "answering")
_RECORD: Final = ("written_by", "fields", "delay", "seen_by", "answered")
_FIELD: Final = ("kind", "least", "most", "choices", "needed")
_DESK: Final = {"people": (1, 1e5), "hours": (1e-3, 1e4), "cv": (0, 100), "opens": (0, 23), "closes": (1, 24),
                "days": (1, 7)}  # fmt: skip
_WHOLE: Final = ("people", "opens", "closes", "days")


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What may stand in a field."""

    kind: str
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    needed: bool = True

    def fault(self, value: object, place: Place) -> Fault | None:
        """Return what is wrong with a value, if anything is."""
        if self.kind == "text":
            return None if isinstance(value, str) else Fault("need_text", place, {"found": value})
        if self.kind == "choice":
            return None if value in self.choices else _not_among(value, self.choices, place)
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            return Fault("need_number", place, {"found": value})
        if self.kind == "whole" and value != int(value):
            return Fault("need_whole_number", place, {"found": value})
        low, high = (-1e308 if self.least is None else self.least), (1e308 if self.most is None else self.most)
        return None if low <= value <= high else Fault("platform_range", place, {"found": value, "limits": (low, high)})


@dataclass(frozen=True)
class RecordRule:
    """A kind of record."""

    written_by: frozenset[str]
    fields: Mapping[str, FieldRule]
    seen_by: Mapping[str, frozenset[str]]
    """Fields by role."""
    delay_median: float = 0.0
    """Days until it can be seen."""
    delay_spread: float = 0.0
    answered: bool = False
    """Whether people answer it; an answer can be seen once they have."""


@dataclass(frozen=True)
class Answering:
    """Who answers."""

    people: int = 1
    hours: float = 1.0
    cv: float = 0.0
    opens: int = 9
    closes: int = 17
    days: int = 5


@dataclass(frozen=True)
class Definition:
    """A platform."""

    name: str
    roles: tuple[str, ...]
    records: Mapping[str, RecordRule]
    answering: Answering = field(default_factory=Answering)
    title: Mapping[str, str] = field(default_factory=dict)
    public: str = ""
    """What is known of the real one."""


def definition(given: object, file: str | None = None) -> Definition:
    """Return the platform that a mapping tells.

    Parameters
    ----------
    given
        Plain data, such as a YAML file holds.
    file
        Where it was read, for the places of faults.

    Raises
    ------
    InputError
        With every fault: ``need_mapping``, ``need_list``, ``need_text``, ``need_number``, ``need_whole_number``,
        ``need_true_false``, ``unknown_key``, ``missing_key``, ``not_a_choice``, ``platform_range``.
    """
    reading = _Reading(file)
    made = reading.platform(given)
    if reading.faults or made is None:
        raise InputError(reading.faults)
    return made


class _Reading:
    """Gathers faults while it reads."""

    def __init__(self, file: str | None) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def platform(self, given: object) -> Definition | None:
        told = self._mapping(given, "platform", _PLATFORM, ("name", "roles", "records"))
        roles = self._words(told.get("roles"), "roles", None)
        kinds = self._mapping(told.get("records"), "records", None, ())
        records = {name: self._record(one, f"records.{name}", roles) for name, one in kinds.items()}
        answering = self._answering(told.get("answering", {}))
        title = self._mapping(told.get("title", {}), "title", ("ja", "en"), ())
        name, public = self._text(told.get("name"), "name"), self._text(told.get("public", ""), "public")
        if told.get("records") == {}:
            self._fault("missing_key", "records", missing="records")
        if self.faults:
            return None
        return Definition(name, roles, records, answering, {k: str(v) for k, v in title.items()}, public)

    def _record(self, given: object, at: str, roles: tuple[str, ...]) -> RecordRule:
        told = self._mapping(given, at, _RECORD, ("written_by", "fields", "seen_by"))
        rules = self._mapping(told.get("fields"), f"{at}.fields", None, ())
        fields = {name: self._field(one, f"{at}.fields.{name}") for name, one in rules.items()}
        seen = self._mapping(told.get("seen_by"), f"{at}.seen_by", (*roles, PUBLIC), ())
        delay = self._mapping(told.get("delay", {}), f"{at}.delay", ("median", "spread"), ())
        return RecordRule(
            frozenset(self._words(told.get("written_by"), f"{at}.written_by", roles)),
            fields,
            {role: self._seen(one, f"{at}.seen_by.{role}", fields) for role, one in seen.items()},
            self._number(delay.get("median", 0.0), f"{at}.delay.median", 0, 3650),
            self._number(delay.get("spread", 0.0), f"{at}.delay.spread", 0, 10),
            self._flag(told.get("answered", False), f"{at}.answered"),
        )

    def _field(self, given: object, at: str) -> FieldRule:
        told = self._mapping(given, at, _FIELD, ("kind",))
        kind = told.get("kind", "text")
        if kind not in KINDS:
            self.faults.append(_not_among(kind, KINDS, self._place(f"{at}.kind")))
        choices = self._words(told["choices"], f"{at}.choices", None) if "choices" in told else ()
        if kind == "choice" and not choices:
            self._fault("missing_key", at, missing="choices")
        least, most = (self._number(told[k], f"{at}.{k}") if k in told else None for k in ("least", "most"))
        if least is not None and most is not None and least > most:
            self._fault("platform_range", f"{at}.most", found=most, limits=(least, 1e308))
        return FieldRule(str(kind), least, most, choices, self._flag(told.get("needed", True), f"{at}.needed"))

    def _seen(self, given: object, at: str, fields: Mapping[str, FieldRule]) -> frozenset[str]:
        return frozenset(fields) if given == ALL else frozenset(self._words(given, at, fields))

    def _answering(self, given: object) -> Answering:
        told = self._mapping(given, "answering", tuple(_DESK), ())
        numbers: dict[str, Any] = {}
        for name, value in told.items():
            if name in _DESK:
                numbers[name] = self._number(value, f"answering.{name}", *_DESK[name], whole=name in _WHOLE)
        made = Answering(**numbers)
        if made.opens >= made.closes:
            self._fault("platform_range", "answering.closes", found=made.closes, limits=(made.opens + 1, 24))
        return made

    # what stands anywhere

    def _mapping(self, given: object, at: str, known: Iterable[str] | None, needed: Iterable[str]) -> dict[str, Any]:
        if not isinstance(given, dict):
            self._fault("need_mapping", at, found=given)
            return {}
        told = {str(name): value for name, value in given.items()}
        allowed = None if known is None else tuple(known)
        for name in told:
            if allowed is not None and name not in allowed:
                self._fault("unknown_key", f"{at}.{name}", found=name, nearest=nearest(name, allowed), allowed=allowed)
        for name in needed:
            if name not in told:
                self._fault("missing_key", at, missing=name)
        return told

    def _words(self, given: object, at: str, known: Iterable[str] | None) -> tuple[str, ...]:
        if not isinstance(given, list):
            if given is not None:
                self._fault("need_list", at, found=given)
            return ()
        allowed = None if known is None else tuple(known)
        for one in given:
            if not isinstance(one, str):
                self._fault("need_text", at, found=one)
            elif allowed is not None and one not in allowed:
                self.faults.append(_not_among(one, allowed, self._place(at)))
        return tuple(str(one) for one in given)

    def _text(self, given: object, at: str) -> str:
        if given is not None and not isinstance(given, str):
            self._fault("need_text", at, found=given)
        return str(given)

    def _flag(self, given: object, at: str) -> bool:
        if not isinstance(given, bool):
            self._fault("need_true_false", at, found=given)
        return bool(given)

    def _number(
        self, given: object, at: str, least: float = -1e308, most: float = 1e308, *, whole: bool = False
    ) -> Any:
        wrong = FieldRule("whole" if whole else "number", least, most).fault(given, self._place(at))
        if wrong is not None:
            self.faults.append(wrong)
            return least
        return int(given) if whole else given  # type: ignore[call-overload]

    def _fault(self, code: str, at: str, **arguments: object) -> None:
        self.faults.append(Fault(code, self._place(at), arguments))

    def _place(self, at: str) -> Place:
        if self.file is None:
            return Place(model=at)
        inside = at.removeprefix("platform").removeprefix(".")
        return Place(file=self.file, model=at, pointer=f"/{inside.replace('.', '/')}" if inside else "")


def _not_among(found: object, allowed: Iterable[str], place: Place) -> Fault:
    choices = tuple(allowed)
    return Fault("not_a_choice", place, {"found": found, "nearest": nearest(str(found), choices), "allowed": choices})
