"""The answer to a charge: what goes in, what comes out, what stops more, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cesim.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.charge.heats import RealisedRisk
    from cesim.charge.programme import Verification
    from cesim.charge.sheet import Side
    from cesim.text import Language

Objective = Literal["cost", "co2", "recycled"]
Method = Literal["none", "normal", "scenarios"]


@dataclass(frozen=True)
class Reason:
    """One thing to be said, by its code; the words are in the catalogue under ``charge``."""

    code: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    tonnes: Mapping[str, str] = field(default_factory=dict)
    """Material -> t, where the sentence has a list of them."""

    def words(self, lang: Language) -> str:
        """Return the sentence."""
        some = [say("charge.some", lang, name=name, mass=mass) for name, mass in self.tonnes.items()]
        return say(f"charge.{self.code}", lang, **self.arguments, list=say("charge.comma", lang).join(some))


@dataclass(frozen=True)
class ChargeAnswer:
    """What to charge, or why nothing can be charged.

    Recycled content is the share of the melt mass that comes from scrap: what a lot brings to the melt, over the melt.
    Primary metal, additions and run-around scrap count as none of it (ISO 14021, 7.8.1.1). Numbers are None where there
    is no charge; nothing here is ever NaN.
    """

    status: Literal["optimal", "infeasible"]
    objective: Objective
    """What was made least (cost, co2) or most (recycled)."""
    mix: Mapping[str, float]
    """t of every material that is charged."""
    melt: float
    """t of melt."""
    composition: Mapping[str, float]
    """Mean mass fraction of each element in the melt, ``Al`` as the rest."""
    recycled_content: float | None
    """Share of the melt mass from scrap, post- and pre-consumer."""
    post_consumer: float | None
    """Share of the melt mass from post-consumer scrap."""
    pre_consumer: float | None
    """Share of the melt mass from pre-consumer scrap."""
    cost: float | None
    """JPY a heat, melting included."""
    co2: float | None
    """t CO2e a heat, melting included."""
    binding: Mapping[str, Side]
    """The limits that stop a better charge: element or sum -> end."""
    shadow_prices: Mapping[str, tuple[float, float]]
    """Derivatives of the objective per t of melt with respect to a limit as mass fraction: when it goes down, when it
    goes up (JPY/t, t CO2e/t or share of the melt per mass fraction). Equal but at a corner where several limits meet;
    infinite where a limit cannot go that way. Limits that do not bind are not listed: theirs are zero."""
    method: Method
    """How the risk was kept: not at all, as if normal, or over drawn heats."""
    method_reason: Reason
    nominal_risk: float | None
    """Share of heats off their limits that the method itself counts on; None without a method."""
    realised_risk: RealisedRisk | None
    """Share of freshly drawn heats off their limits; None where no risk was asked for."""
    reasons: tuple[Reason, ...]
    """Why there is no charge; or what else has to be said about this one."""
    certificate: Mapping[str, float]
    """Weights of the limits that together prove that there is no charge; empty where there is one."""
    verification: Verification | None
    """What the gate found from the raw inputs; None where no charge was found that keeps the risk, which is searched
    for and not proved. Its gap is then how much better a charge is that is known to miss too often."""

    def why(self, lang: Language) -> str:
        """Return the reasons in words: what cannot be met; what would help, one way or the other."""
        missed = [reason.words(lang) for reason in self.reasons if not reason.code.startswith("remedy_")]
        ways = [reason.words(lang) for reason in self.reasons if reason.code.startswith("remedy_")]
        told = [say("charge.and_then", lang).join(missed)] if missed else []
        told += [say("charge.or_else", lang).join(ways)] if ways else []
        return say("charge.and_then", lang).join(told)
