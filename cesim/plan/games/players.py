"""Who plays: the measures of a plan, what each needs before it can act, and which of them exclude each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError
from cesim.plan.games.faults import fault, refused
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class Players:
    """The measures around the table, like guests of whom some will not speak unless another has come.

    A measure acts only if all it needs act too: a LIBS line that sorts by records does nothing where none are kept.
    Measures that exclude each other are one player with alternatives, of which a plan plays one.

    Parameters
    ----------
    names
        Every measure once; their order is the order of all answers.
    needs
        What each needs, all of it, by name; a measure without an entry needs nothing.
    rivals
        Groups of measures of which only one can be played. Groups that share a measure are one choice, if every two
        of them exclude each other.

    Raises
    ------
    InputError
        With everything that is wrong: ``game_repeated``, ``game_unknown_name``, ``game_needs_circle``,
        ``game_needs_rivals`` (a measure that could never act), ``game_rivals_open`` (two rivals of a third that could
        be played together are not one choice).
    """

    names: tuple[str, ...]
    needs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rivals: tuple[frozenset[str], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))
        object.__setattr__(self, "needs", {name: frozenset(needed) for name, needed in self.needs.items()})
        object.__setattr__(self, "rivals", tuple(frozenset(group) for group in self.rivals))
        for check in (self._wrong_names, self._wrong_choices, self._wrong_needs):
            if faults := check():
                raise InputError(faults)

    @cached_property
    def behind(self) -> Mapping[str, frozenset[str]]:
        """All that a measure needs, directly or through others."""
        found: dict[str, frozenset[str]] = {}
        for name in self._needed_first():
            direct = self.needs.get(name, frozenset())
            found[name] = direct.union(*(found[needed] for needed in direct))
        return {name: found[name] for name in self.names}

    @cached_property
    def choices(self) -> tuple[frozenset[str], ...]:
        """The players: the alternatives of each, in the order in which the first of them is named."""
        groups: list[set[str]] = []
        for rivals in self.rivals:
            apart = [group for group in groups if not group & rivals]
            groups = [*apart, set(rivals).union(*(group for group in groups if group & rivals))]
        alternatives = {name: frozenset(group) for group in groups for name in group}
        return tuple(dict.fromkeys(alternatives.get(name, frozenset((name,))) for name in self.names))

    def alternatives(self, name: str) -> frozenset[str]:
        """Return the measures that could be played in the place of this one."""
        self._known((name,))
        return next(choice for choice in self.choices if name in choice) - {name}

    def played(self, plan: Iterable[str]) -> tuple[str, ...]:
        """Return the measures of a plan, one for each player that plays, in the order of the names.

        Raises
        ------
        InputError
            ``game_unknown_name``; ``game_rivals_together`` where a plan plays two alternatives of one player.
        """
        chosen = frozenset(plan)
        self._known(chosen)
        for choice in self.choices:
            if len(choice & chosen) > 1:
                raise refused("game_rivals_together", found=tuple(n for n in self.names if n in choice & chosen))
        return tuple(name for name in self.names if name in chosen)

    def active(self, measures: Iterable[str]) -> frozenset[str]:
        """Return the active closure of a set: its measures that have all they need in it, directly and through others.

        Raises
        ------
        InputError
            As `played`.
        """
        played = frozenset(self.played(measures))
        return frozenset(name for name in played if self.behind[name] <= played)

    def _known(self, names: Iterable[str]) -> None:
        unknown = sorted(set(names).difference(self.names))
        if unknown:
            raise InputError([self._unknown(name) for name in unknown])

    def _unknown(self, name: str, measure: str | None = None) -> Fault:
        return fault("game_unknown_name", measure, found=name, nearest=nearest(name, self.names))

    def _wrong_names(self) -> list[Fault]:
        known = frozenset(self.names)
        repeated = [fault("game_repeated", found=name) for name in sorted(known) if self.names.count(name) > 1]
        owners = [self._unknown(name) for name in self.needs if name not in known]
        needed = [self._unknown(n, name) for name in self.needs for n in sorted(self.needs[name] - known)]
        return repeated + owners + needed + [self._unknown(n) for group in self.rivals for n in sorted(group - known)]

    def _wrong_choices(self) -> list[Fault]:
        rivals = {pair for group in self.rivals for pair in combinations(sorted(group), 2)}
        return [
            fault("game_rivals_open", found=pair)
            for choice in self.choices
            for pair in combinations(sorted(choice), 2)
            if pair not in rivals
        ]

    def _wrong_needs(self) -> list[Fault]:
        try:
            self._needed_first()
        except CycleError as error:
            circle: list[str] = error.args[1]
            return [fault("game_needs_circle", circle[0], found=" → ".join(reversed(circle)))]
        wanted = ((name, choice & (self.behind[name] | {name})) for name in self.names for choice in self.choices)
        return [fault("game_needs_rivals", name, found=tuple(sorted(both))) for name, both in wanted if len(both) > 1]

    def _needed_first(self) -> tuple[str, ...]:
        graph = {name: sorted(self.needs.get(name, ())) for name in self.names}
        return tuple(TopologicalSorter(graph).static_order())
