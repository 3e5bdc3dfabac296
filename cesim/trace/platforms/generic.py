"""A platform that does what its definition says: takes records of its roles, and shows each role its fields."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

from cesim.errors import Fault, InputError, Place
from cesim.text import nearest
from cesim.trace.platforms.answering import DAY, HOUR, Desk, WorkingTime

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cesim.trace.platforms.definition import Definition, RecordRule
    from cesim.trace.platforms.luck import Luck


@dataclass(frozen=True, slots=True)
class Held:
    """A record on the platform."""

    kind: str
    writer: str
    role: str
    seen_s: int
    """Second from which others see it."""
    values: Mapping[str, Any]


class Platform:
    """Records by number, in the order of writing.

    Parameters
    ----------
    defined
        What the platform is.
    luck
        Of delays and of work, by the identity of each record.
    """

    def __init__(self, defined: Definition, luck: Luck) -> None:
        self.defined, self.luck = defined, luck
        told = defined.answering
        self.desk = Desk(told.people, WorkingTime(told.opens, told.closes, told.days))
        self.traffic: Counter[str] = Counter()
        """Records by kind, and ``seen``, by how often one was looked at."""
        self._held: list[Held] = []

    def write(self, writer: str, role: str, kind: str, values: Mapping[str, Any], second: int, identity: str) -> int:
        """Take a record; return its number.

        Parameters
        ----------
        identity
            What the record is of, for draws: the same whatever else is written.

        Raises
        ------
        InputError
            All that is wrong: ``not_a_choice`` for a kind or a role, ``unknown_key`` and ``missing_key`` for fields,
            and what the fields refuse; ``desk_out_of_order`` where people answer, for one that comes before the last.
        """
        rule = self.defined.records.get(kind)
        if rule is None:
            raise InputError([self._not_among(kind, tuple(self.defined.records), "kind")])
        faults = list(self._wrong(kind, rule, role, values))
        if faults:
            raise InputError(faults)
        seen_s = self._seen(kind, rule, second, crc32(identity.encode()))
        self._held.append(Held(kind, writer, role, seen_s, dict(values)))
        self.traffic[kind] += 1
        return len(self._held) - 1

    def see(self, number: int, viewer: str, role: str, now: int) -> dict[str, Any]:
        """Return the fields of a record that a viewer of a role sees at a second; its writer sees all at once."""
        if not 0 <= number < len(self._held):
            raise InputError([Fault("request_unknown", Place(model=self.defined.name), {"found": number})])
        held = self._held[number]
        self.traffic["seen"] += 1
        if viewer == held.writer:
            return dict(held.values)
        if now < held.seen_s:
            return {}
        shown = self.defined.records[held.kind].seen_by
        fields = shown.get(role, frozenset()) | shown.get("public", frozenset())
        return {name: value for name, value in held.values.items() if name in fields}

    def _seen(self, kind: str, rule: RecordRule, second: int, identity: int) -> int:
        name = f"{self.defined.name}|{kind}"
        ready = second + round(DAY * self.luck.around(f"{name}|delay", identity, rule.delay_median, rule.delay_spread))
        if not rule.answered:
            return ready
        told = self.defined.answering
        work = self.luck.duration(f"{name}|work", identity, told.hours * HOUR, told.cv)
        return max(ready, self.desk.answer(second, max(1, round(work))))

    def _wrong(self, kind: str, rule: RecordRule, role: str, values: Mapping[str, Any]) -> Iterator[Fault]:
        if role not in rule.written_by:
            yield self._not_among(role, tuple(sorted(rule.written_by)), f"{kind}.written_by")
        for name in sorted(set(values) - set(rule.fields)):
            told = {"found": name, "nearest": nearest(name, rule.fields), "allowed": tuple(rule.fields)}
            yield Fault("unknown_key", self._place(f"{kind}.{name}"), told)
        for name, one in rule.fields.items():
            if name not in values:
                if one.needed:
                    yield Fault("missing_key", self._place(kind), {"missing": name})
            elif (wrong := one.fault(values[name], self._place(f"{kind}.{name}"))) is not None:
                yield wrong

    def _not_among(self, found: str, allowed: tuple[str, ...], at: str) -> Fault:
        told = {"found": found, "nearest": nearest(found, allowed), "allowed": allowed}
        return Fault("not_a_choice", self._place(at), told)

    def _place(self, at: str) -> Place:
        return Place(model=f"{self.defined.name}.{at}")
