"""Who writes how: a policy for every role, and for single actors where they differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from cesim.errors import Fault, InputError, Place
from cesim.text import nearest
from cesim.trace.reporting.policy import Policy, faults_in
from cesim.trace.steps import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cesim.trace.entries import Actor

EVERYONE: Final = "everyone"
ACTORS: Final = "actors"
"""Keys of a mapping that are no roles: what holds for all, and single actors by their names."""


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of a run.

    Attributes
    ----------
    roles
        By role.
    exceptions
        By the name of an actor, in place of the policy of its role.
    otherwise
        Of roles that are not listed.
    """

    roles: Mapping[str, Policy] = field(default_factory=dict)
    exceptions: Mapping[str, Policy] = field(default_factory=dict)
    otherwise: Policy = field(default_factory=Policy)

    def of(self, actor: Actor) -> Policy:
        """Return the policy of an actor."""
        return self.exceptions.get(actor.name, self.roles.get(actor.role, self.otherwise))

    def checked(self, actors: Sequence[Actor]) -> None:
        """Refuse exceptions for actors that are not there.

        Raises
        ------
        InputError
            ``policy_actor_unknown`` with the nearest name.
        """
        if faults := _unknown(self.exceptions, [actor.name for actor in actors], "policy_actor_unknown", ACTORS):
            raise InputError(faults)


def honest() -> Policies:
    """Everybody writes everything at once, as it was."""
    return Policies()


def silent() -> Policies:
    """Nobody writes anything."""
    return Policies(otherwise=Policy(coverage=0.0))


def from_mapping(given: object, actors: Sequence[Actor]) -> Policies:
    """Return the policies that a mapping of plain data tells.

    Keys are roles, `EVERYONE` and `ACTORS`; under the last, names of actors. A role has what `EVERYONE` has unless it
    says something else, an actor what its role has.

    Parameters
    ----------
    given
        Such as ``{"dismantler": {"coverage": 0.8}, "actors": {"dismantlers mie": {"coverage": 0.0}}}``.
    actors
        Those there are, of whom a name may be an exception.

    Raises
    ------
    InputError
        With every fault at once: ``need_mapping``, ``unknown_key``, ``policy_role_unknown``, ``policy_actor_unknown``
        and those of `Policy`, at places such as ``dismantler.coverage`` and ``actors.dismantlers mie.coverage``.
    """
    told, faults = _mapping(given, "policies")
    named, more = _mapping(told.get(ACTORS, {}), ACTORS)
    parts = {str(name): value for name, value in told.items() if name != ACTORS}
    allowed = list(dict.fromkeys([*ROLES, *(actor.role for actor in actors), EVERYONE, ACTORS]))
    names = {actor.name: actor for actor in actors}
    faults += more + _unknown(parts, allowed, "policy_role_unknown")
    faults += _unknown(named, list(names), "policy_actor_unknown", ACTORS)
    base, wrong = _fields(parts.pop(EVERYONE, {}), EVERYONE, {})
    faults += wrong
    roles: dict[str, dict[str, object]] = {}
    for role, value in parts.items():
        roles[role], wrong = _fields(value, role, base)
        faults += wrong
    exceptions: dict[str, dict[str, object]] = {}
    for name, value in named.items():
        below = roles.get(names[name].role, base) if name in names else base
        exceptions[name], wrong = _fields(value, f"{ACTORS}.{name}", below)
        faults += wrong
    if faults:
        raise InputError(faults)
    return Policies(_policies(roles), _policies(exceptions), Policy(**cast("Any", base)))


def _policies(given: Mapping[str, Mapping[str, object]]) -> dict[str, Policy]:
    return {name: Policy(**cast("Any", values)) for name, values in given.items()}


def _mapping(given: object, where: str) -> tuple[dict[str, object], list[Fault]]:
    """Return a mapping with words as keys, or nothing and what is wrong."""
    if isinstance(given, dict):
        return {str(name): value for name, value in given.items()}, []
    return {}, [Fault("need_mapping", Place(model=where), {"found": given})]


def _fields(given: object, where: str, base: Mapping[str, object]) -> tuple[dict[str, object], list[Fault]]:
    """Return the fields of a policy over those it builds on, and what is wrong with its own."""
    own, faults = _mapping(given, where)
    if faults:
        return dict(base), faults
    merged = {**base, **own}
    faults = [fault for fault in faults_in(merged, where) if _field(fault) in own or _needed(fault) in own]
    return merged, faults


def _field(fault: Fault) -> str:
    return (fault.place.model or "").rpartition(".")[2]


def _needed(fault: Fault) -> object:
    return "declaration" if fault.code == "policy_misc_declaration" else fault.arguments.get("other_field")


def _unknown(given: Iterable[str], allowed: Sequence[str], code: str, where: str = "") -> list[Fault]:
    return [
        Fault(
            code,
            Place(model=f"{where}.{name}" if where else name),
            {"found": name, "nearest": nearest(name, allowed), "allowed": tuple(allowed)},
        )
        for name in given
        if name not in allowed
    ]
