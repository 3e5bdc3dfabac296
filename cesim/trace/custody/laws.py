"""Rule sets: which matter counts as recycled, of what, and by which models it may be claimed.

They are data. What stands behind each entry, and how sure it is, stands beside it in `Law.facts`; names and sentences
for people are in the catalogue under ``custody.law``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from cesim.ledger.substances import POST_CONSUMER, PRE_CONSUMER
from cesim.trace.classes import CLASSES, OWN_SCRAP
from cesim.trace.custody.faults import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

Boundary = Literal["casthouse", "product", "company"]
BOUNDARIES: Final[tuple[Boundary, ...]] = ("casthouse", "product", "company")
"""What "the same process" may mean in ISO 14021, from the narrowest process to the widest."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a part of a rule set was found."""

    about: str
    """The attribute of `Law`."""
    status: Literal["read", "unverified", "estimate"]
    source: str


@dataclass(frozen=True, slots=True)
class Law:
    """A rule for counting recycled content, such as "post-consumer plastics only"."""

    key: str
    material: str
    """``plastics``, or ``any``; applied to another material it holds as if, see `standing`."""
    kind: Literal["law", "industry", "standard"]
    counts: frozenset[str]
    """Origins that count."""
    balanced: frozenset[str]
    """Those among them that may be claimed by mass balance; the rest only as far as they are in the lot."""
    booked: frozenset[str]
    """Those that may be claimed by credits that left their lots."""
    unknown: Literal["interval", "primary"]
    """How matter of unknown origin counts: as somewhere between nothing and all, or as primary."""
    denominator: str
    """What the law takes the share of; the catalogue has the words under ``custody.of``."""
    facts: tuple[Fact, ...]
    part: frozenset[str] = frozenset()
    """Origins of which a share of the target must come; empty where there is no such share."""
    part_of_target: Fraction | None = None
    """How much of the target."""

    def only_part(self) -> Law:
        """Return the rule for the share of the target that must come of certain origins."""
        if self.part_of_target is None:
            raise refuse("custody_law_without_part", self.key, found=self.key)
        return replace(
            self, key=f"{self.key}_part", counts=self.part, balanced=self.balanced & self.part,
            booked=self.booked & self.part, part=frozenset(), part_of_target=None,
        )  # fmt: skip


def standing(law: Law, material: str) -> str:
    """Say what a claim by this law is for a material.

    ``law``, ``industry`` or ``standard`` where the law is about the material; ``as_if`` where it is about another one:
    for the aluminium of cars no legal rule is in force.
    """
    return law.kind if law.material in ("any", material) else "as_if"


def _set(*origins: str) -> frozenset[str]:
    assert set(origins) <= set(CLASSES)
    return frozenset(origins)


_RECYCLED: Final = _set(*PRE_CONSUMER, OWN_SCRAP, *POST_CONSUMER, "chemical")
_EU: Final = "EU ELV Regulation Art. 6, provisional agreement of 12 December 2025, as reported by trade press in 2026"
_ACT: Final = (
    "amended Resource Act (資源有効利用促進法) in force 1 April 2026, as reported by trade press in 2025 and 2026"
)
_NOT_TOLD: Final = "nothing read says so; assumed"

EU_ELV: Final = Law(
    key="eu_elv",
    material="plastics",
    kind="law",
    counts=_set(*POST_CONSUMER, "chemical"),
    balanced=_set("chemical"),
    booked=frozenset(),
    unknown="interval",
    denominator="new_types",
    part=_set("post_elv", "post_in_use"),
    part_of_target=Fraction(1, 5),
    facts=(
        Fact("counts", "read", _EU),
        Fact("balanced", "read", f"{_EU}: mass balance for routes that are not mechanical"),
        Fact("part", "read", _EU),
        Fact("denominator", "read", _EU),
        Fact("booked", "estimate", "no text that was read allows it; taken as not allowed"),
        Fact("unknown", "estimate", "rules of calculation and verification follow in later acts; interval shown"),
    ),
)
"""Post-consumer only; a fifth of the target from end-of-life vehicles or from parts removed in use."""

JAPAN_RESOURCE_ACT: Final = Law(
    key="japan_resource_act",
    material="plastics",
    kind="law",
    counts=_RECYCLED,
    balanced=_RECYCLED,
    booked=frozenset(),
    unknown="interval",
    denominator="maker",
    facts=(
        Fact("counts", "read", _ACT),
        Fact("denominator", "read", f"{_ACT}; the target is the maker's own plan"),
        Fact("balanced", "estimate", _NOT_TOLD),
        Fact("booked", "estimate", f"{_NOT_TOLD} not allowed"),
        Fact("unknown", "estimate", "interval shown"),
    ),
)
"""Pre- and post-consumer; makers of 10,000 cars a year and more plan and report their use."""

JAMA: Final = Law(
    key="jama",
    material="plastics",
    kind="industry",
    counts=_RECYCLED | {"bio"},
    balanced=_RECYCLED | {"bio"},
    booked=frozenset(),
    unknown="interval",
    denominator="new_domestic_models",
    facts=(
        Fact("counts", "read", "JAMA road map for sustainable plastics, as reported by IRuniverse, 2024"),
        Fact("denominator", "read", "JAMA road map for sustainable plastics, as reported by IRuniverse, 2024"),
        Fact("balanced", "estimate", _NOT_TOLD),
        Fact("booked", "estimate", f"{_NOT_TOLD} not allowed"),
        Fact("unknown", "estimate", "interval shown"),
    ),
)
"""Recycled and bio-based plastics; a target of the industry, no law."""

_INSIDE: Final[dict[Boundary, frozenset[str]]] = {
    "casthouse": frozenset(),
    "product": _set("run_around"),
    "company": _set("run_around", "pre_auto", OWN_SCRAP),
}
"""Scrap that does not leave the process it came from, by how wide the process is taken."""


def iso_14021(boundary: Boundary) -> Law:
    """Return ISO 14021 with one reading of "the same process", whose own scrap is not recycled content.

    Parameters
    ----------
    boundary
        ``casthouse``: melting and casting alone, so that what mills send back counts; the origin ``run_around`` does
        not tell croppings of the casthouse from these, which makes this reading the highest there may be.
        ``product``: all that makes the semi-finished product; press scrap counts.
        ``company``: press shops that send their scrap back are inside as well; only scrap of others counts.
    """
    if boundary not in _INSIDE:
        raise refuse("custody_boundary_unknown", "boundary", found=boundary, allowed=BOUNDARIES)
    counts = (_RECYCLED | {"run_around"}) - _INSIDE[boundary]
    return Law(
        key=f"iso_14021_{boundary}", material="any", kind="standard", counts=counts, balanced=counts, booked=counts,
        unknown="interval", denominator="product",
        facts=(
            Fact("counts", "unverified", "ISO 14021, 7.8; where the process ends is disputed, read in excerpts only"),
            Fact("denominator", "unverified", "ISO 14021, 7.8"),
            Fact("balanced", "estimate", "ISO 22095 has the models; that they may be used here is assumed"),
            Fact("booked", "estimate", "ISO 22095 has the models; that they may be used here is assumed"),
            Fact("unknown", "estimate", "interval shown"),
        ),
    )  # fmt: skip


EN_45557: Final = replace(
    iso_14021("product"), key="en_45557", unknown="primary",
    facts=(
        Fact("unknown", "unverified", "EN 45557:2020, read in excerpts only: undefined material counts as primary"),
        Fact("counts", "estimate", "as ISO 14021 with the product as the process"),
        Fact("denominator", "estimate", "as ISO 14021; the standard is about energy-related products, not cars"),
        Fact("balanced", "estimate", "ISO 22095 has the models; that they may be used here is assumed"),
        Fact("booked", "estimate", "ISO 22095 has the models; that they may be used here is assumed"),
    ),
)  # fmt: skip
"""The careful rule: what nobody has said anything about is primary. It closes the interval at its lower end."""

LAWS: Final = (
    EU_ELV, EU_ELV.only_part(), JAPAN_RESOURCE_ACT, JAMA, *(iso_14021(b) for b in BOUNDARIES), EN_45557,
)  # fmt: skip
"""All of them, in the order in which they are shown."""


def law(key: str, laws: Sequence[Law] = LAWS) -> Law:
    """Return the rule set of this key.

    Raises
    ------
    InputError
        ``custody_law_unknown``
    """
    for one in laws:
        if one.key == key:
            return one
    raise refuse("custody_law_unknown", "law", found=key, allowed=tuple(one.key for one in laws))
