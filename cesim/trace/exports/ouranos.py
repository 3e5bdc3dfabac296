"""Objects of the Ouranos traceability system: a projection that knows kinds of parts, and loses the lots.

Source: OpenAPI of the public data transaction system, v3.0.0 (NTT DATA, MIT). There a trace identifier belongs to a
kind of part of an operator's plant; there is no lot, no moved quantity and no time of an event. So all lots of a kind
that an actor makes in a month become one part; the account of losses says how many went into how few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.trace.exports.catenax_words import UNRECORDED
from cesim.trace.exports.ouranos_parts import Folded, folded
from cesim.trace.exports.partners import operator_number, plant_number, uuid_of
from cesim.trace.exports.texts import cut, sayable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from cesim.trace.exports.epcis_ledger import Ledger
    from cesim.trace.exports.lost import Lost

CHILDREN: Final = 50
"""Most children of a structure."""
_LONGEST: Final = 50
_LONGEST_NAME: Final = 256
MOST: Final = 99_999.99999
"""Largest amount or footprint."""
_DIGITS: Final = 5


class Ouranos:
    """The objects that a ledger becomes.

    Parameters
    ----------
    ledger
        The ledger.
    lost
        Takes the account of what is lost.
    footprint : (lot,), optional
        kg CO2e a kg of each lot; below zero where it is not known. Without it there are no footprints.
    """

    def __init__(self, ledger: Ledger, lost: Lost, footprint: NDArray[np.float64] | None = None) -> None:
        self.ledger, self.lost = ledger, lost
        self.parts: Folded = folded(ledger, lost, footprint)

    def operators(self) -> Iterator[dict[str, Any]]:
        """Yield an operator for each actor."""
        for n, actor in enumerate(self.ledger.entries.names.actors):
            self.lost.filled["operatorAddress"] += not actor.place
            yield {
                "operatorId": self._id("operator", n),
                "openOperatorId": operator_number(n),
                "operatorName": cut(actor.name, _LONGEST_NAME) or UNRECORDED,
                "operatorAddress": cut(actor.place, _LONGEST_NAME) or UNRECORDED,
                "operatorAttribute": {},
            }

    def plants(self) -> Iterator[dict[str, Any]]:
        """Yield a plant for each actor: where it works is one place here."""
        for n, actor in enumerate(self.ledger.entries.names.actors):
            yield {
                "plantId": self._id("plant", n),
                "operatorId": self._id("operator", n),
                "openPlantId": plant_number(n),
                "plantName": cut(actor.name, _LONGEST_NAME) or UNRECORDED,
                "plantAddress": cut(actor.place, _LONGEST_NAME) or UNRECORDED,
                "plantAttribute": {},
            }

    def all_parts(self) -> Iterator[dict[str, Any]]:
        """Yield every kind of part with everybody who makes it or takes it over."""
        for holder, part in sorted(self.parts.held):
            self.lost.folded["names_cut"] += len(self._name(part)) > _LONGEST
            yield self._part(holder, part, None)

    def structures(self) -> Iterator[dict[str, Any]]:
        """Yield what each part is made of: kg of each child a kg of the part, two levels."""
        for part, children in sorted(self.parts.children.items()):
            maker = self.parts.maker[part]
            told: list[dict[str, Any]] = []
            ranked = sorted(children.items(), key=lambda child: (-child[1], child[0]))
            for child, mass in ranked:
                amount = round(mass / self.parts.mass_mg[part], _DIGITS)
                if len(told) == CHILDREN or amount > MOST:
                    self.lost.left_out["children"] += 1
                else:
                    told.append(self._part(maker, child, amount))
            yield {"parentPartsModel": self._part(maker, part, None), "childrenPartsModel": told}

    def trades(self) -> Iterator[dict[str, Any]]:
        """Yield a request with its trade for everyone who takes a kind of part over from somebody."""
        for giver, taker, part in sorted(self.parts.trades):
            trade = self._id("trade", giver, taker, part)
            answered = giver == self.parts.maker[part] and part in self.parts.footprint
            yield {
                "tradeModel": {
                    "tradeId": trade,
                    "downstreamOperatorId": self._id("operator", taker),
                    "downstreamTraceId": self._trace(taker, part),
                    "upstreamOperatorId": self._id("operator", giver),
                    "upstreamTraceId": self._trace(giver, part),
                },
                "statusModel": self._status(trade, part, answered),
            }

    def footprints(self) -> Iterator[dict[str, Any]]:
        """Yield a footprint for each kind of part of which one is known, kg CO2e a kg."""
        for part, value in sorted(self.parts.footprint.items()):
            if value > MOST:
                self.lost.left_out["footprints"] += 1
                continue
            for name in ("TeR", "GeR", "TiR"):
                self.lost.filled[f"dqrValue.{name}"] += 1
            yield {
                "cfpId": self._id("footprint", part),
                "traceId": self._trace(self.parts.maker[part], part),
                "cfpType": "mainProductionTotal",
                "ghgEmission": round(value, _DIGITS),
                "ghgDeclaredUnit": "kgCO2e/kilogram",
                "dqrType": "mainProcessingTotal",
                "dqrValue": {"TeR": None, "GeR": None, "TiR": None},
            }

    def _part(self, holder: int, part: int, amount: float | None) -> dict[str, Any]:
        month = self.parts.month[part]
        return {
            "traceId": self._trace(holder, part),
            "operatorId": self._id("operator", holder),
            "plantId": self._id("plant", holder),
            "partsName": cut(self._name(part), _LONGEST) or UNRECORDED,
            "supportPartsName": month,
            "terminatedFlag": holder == self.parts.maker[part] and part not in self.parts.children,
            "amountRequired": amount,
            "amountRequiredUnit": "kilogram",
            "partsLabelName": cut(self.parts.item[part], _LONGEST),
            "partsAddInfo1": None,
            "partsAddInfo2": self.parts.days(part),
            "partsAddInfo3": None,
        }

    def _status(self, trade: str, part: int, answered: bool) -> dict[str, Any]:
        ends = part not in self.parts.children
        return {
            "statusId": self._id("status", trade),
            "tradeId": trade,
            "requestType": "CFP",
            "message": None,
            "replyMessage": None,
            "responseDueDate": None,
            "requestStatus": {
                "cfpResponseStatus": "COMPLETED" if answered else "NOT_COMPLETED",
                "tradeTreeStatus": "TERMINATED" if ends else "UNTERMINATED",
            },
        }

    def _name(self, part: int) -> str:
        return sayable(f"{self.parts.kind[part]} {self.parts.item[part]}".strip())

    def _trace(self, holder: int, part: int) -> str:
        maker, goods, month = self.parts.maker[part], self.parts.goods[part], self.parts.month[part]
        return self._id("part", holder, maker, goods, month)

    def _id(self, *words: object) -> str:
        return uuid_of(self.ledger.name, *words)
