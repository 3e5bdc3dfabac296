"""Declarations of products as CMP carries them: product, part, material, substance, and what is said of each.

Public (requirements of March 2024, read): the hierarchy with masses; the classes FSD, FSR and FMD; a joker MISC of at
most 10 % of the mass; a regulated substance cannot be withheld; the worst value rolls up; blocks on recycled content as
in ISO/IEC 82474. Our reading: masses are whole milligrams, the joker's limit holds for what is left without a name in
FSR as in FMD, and 'investigating' ranks between 'withheld' and 'not contained'.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEVELS: Final = ("product", "part", "material")
"""From the whole to what is made of substances."""
STATUS: Final = ("not_contained", "investigating", "withheld", "contains")
"""What is said of a substance, the worst last."""
CLASSES: Final = ("FSD", "FSR", "FMD")
MISC: Final = "MISC"
"""Name under which the mass without a name goes."""
MOST_MISC: Final = 10
"""Percent of the mass that may go without a name."""


def worst(statuses: Iterable[str]) -> str:
    """Return the worst of what is said, as it rolls up; `not_contained` of nothing."""
    return max(statuses, key=STATUS.index, default=STATUS[0])


@dataclass(frozen=True, slots=True)
class RecycledContent:
    """Block on recycled content; names of ISO/IEC 82474 as the requirements give them.

    Raises
    ------
    InputError
        ``recycled_content_parts`` where pre- and post-consumer come to more than the total, or a percentage is none.
    """

    pre_percent: float
    post_percent: float
    total_percent: float
    recycling: str = "mechanical"
    description: str = ""

    def __post_init__(self) -> None:
        parts = (self.pre_percent, self.post_percent, self.total_percent)
        fits = all(0.0 <= part <= 100.0 for part in parts)
        if not fits or self.pre_percent + self.post_percent > self.total_percent + 1e-9:
            raise InputError([Fault("recycled_content_parts", Place(model="recycledContent"), {"found": parts})])

    def as_data(self, mass_mg: int) -> dict[str, object]:
        """Return the block for something of a mass."""

        def of(percent: float) -> dict[str, object]:
            return {
                "Mass": round(mass_mg * percent / 100.0),
                "MassPercent": percent,
                "recyclingInformation": self.recycling,
            }

        return {
            "TotalRecycledContent": of(self.total_percent),
            "PreConsumerRecycledContent": of(self.pre_percent),
            "PostConsumerRecycledContent": of(self.post_percent),
            "description": self.description,
        }


@dataclass(frozen=True, slots=True)
class Substance:
    """One substance in a material."""

    name: str
    mass_mg: int
    disclosed: bool = True
    regulated: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What something is made of, and how many of it."""

    product: str
    count: int = 1


@dataclass(frozen=True)
class Declaration:
    """What a company says of one of its products; of a material its substances, of others what they are made of.

    Raises
    ------
    InputError
        All that is wrong: ``declaration_level``, ``declaration_class``, ``declaration_status``, ``declaration_mass``
        where substances do not add up, ``declaration_withheld`` for a regulated substance or anything in FSD,
        ``declaration_misc`` above 10 %.
    """

    company: str
    number: str
    level: str
    mass_mg: int
    uses: tuple[Use, ...] = ()
    substances: tuple[Substance, ...] = ()
    declared: str = "FSD"
    version: int = 1
    first_article: bool = False
    """Here a chemical becomes an article."""
    recycled: RecycledContent | None = None
    disclosed_to: tuple[str, ...] | None = None
    """Companies that may see it; everybody where none are named."""
    status: tuple[tuple[str, str], ...] = ()
    """What is said of candidate substances that are not listed with a mass."""

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise InputError(faults)

    def misc_mg(self) -> int:
        """Return the mass left without a name."""
        return sum(one.mass_mg for one in self.substances if not one.disclosed)

    def shown(self) -> Declaration:
        """Return it as a partner sees it: what is withheld is one mass under the name MISC."""
        named = tuple(one for one in self.substances if one.disclosed)
        away = self.misc_mg()
        # of what is withheld nobody is told how many there are, nor a status that would name it
        joker = (Substance(MISC, away),) if len(named) < len(self.substances) else ()
        told = tuple((name, said) for name, said in self.status if name not in self._withheld())
        return replace(self, substances=named + joker, status=told)

    def says(self, substance: str, *, regulated: bool = False) -> str:
        """Return what a partner learns of a substance from this declaration alone.

        One that is regulated cannot be among what is withheld.
        """
        for one in self.substances:
            if one.name == substance and one.disclosed:
                return "contains" if one.mass_mg > 0 else "not_contained"
        told = dict(self.status).get(substance, "not_contained")
        return worst([told, "withheld"]) if self.misc_mg() and not regulated else told

    def _withheld(self) -> set[str]:
        return {one.name for one in self.substances if not one.disclosed}

    def _faults(self) -> Iterator[Fault]:
        if self.level not in LEVELS:
            yield self._fault("declaration_level", self.level, LEVELS)
        if self.declared not in CLASSES:
            yield self._fault("declaration_class", self.declared, CLASSES)
        masses = [one.mass_mg for one in self.substances]
        if self.mass_mg <= 0 or any(mass < 0 for mass in masses) or (masses and sum(masses) != self.mass_mg):
            yield self._fault("declaration_mass", sum(masses), self.mass_mg)
        for one in self.substances:
            if not one.disclosed and (one.regulated or self.declared == "FSD"):
                yield self._fault("declaration_withheld", one.name)
        if 100 * self.misc_mg() > MOST_MISC * self.mass_mg:
            yield self._fault("declaration_misc", self.misc_mg(), self.mass_mg)
        for name, said in self.status:
            if said not in STATUS:
                yield self._fault("declaration_status", f"{name} {said}", STATUS)

    def _fault(self, code: str, found: object, allowed: object = None) -> Fault:
        return Fault(code, Place(model=f"{self.company} {self.number}"), {"found": found, "allowed": allowed})
