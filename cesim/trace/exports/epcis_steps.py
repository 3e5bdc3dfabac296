"""What each step is called in EPCIS: kind of event, business step, disposition, document.

CBV has words for trade and transport, none for shredding, sorting or baling; those are ours, with the prefix `cesim`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cesim.trace.steps import STEPS

OBJECT, TRANSFORMATION, AGGREGATION, ASSOCIATION, TRANSACTION = (
    "ObjectEvent",
    "TransformationEvent",
    "AggregationEvent",
    "AssociationEvent",
    "TransactionEvent",
)
DOCUMENTS: Final = {
    "take_back report": 1,
    "certificate of analysis": 2,
    "despatch advice": 3,
    "receiving advice": 4,
    "manifest": 5,
    "heat": 6,
    "transfer contract": 7,
    "weighing slip": 8,
}
"""Kinds of document, by the number they have in its key."""


@dataclass(frozen=True, slots=True)
class Step:
    """How a step is told.

    Attributes
    ----------
    event
        Kind of event where the entry has the lots for it; see `epcis_events`.
    business
        Business step of CBV, or a word of ours.
    disposition
        Of CBV; empty for none.
    document
        Kind of document that goes with it, and its type in CBV; empty for none.
    """

    event: str
    business: str
    disposition: str = ""
    document: str = ""
    document_type: str = ""


OWN: Final = "cesim:"
STEP_WORDS: Final = {
    "supply": Step(OBJECT, "commissioning", "active"),
    "take_back": Step(OBJECT, "collecting", "returned", "take_back report", "cert"),
    "dismantling": Step(TRANSFORMATION, "disassembling", "in_progress"),
    "shredding": Step(TRANSFORMATION, OWN + "shredding"),
    "sorting": Step(TRANSFORMATION, OWN + "sorting"),
    "baling": Step(TRANSFORMATION, OWN + "baling"),
    "analysis": Step(OBJECT, "sampling", "", "certificate of analysis", "testres"),
    "packing": Step(AGGREGATION, "packing", "in_progress"),
    "shipping": Step(OBJECT, "shipping", "in_transit", "despatch advice", "desadv"),
    "receiving": Step(OBJECT, "receiving", "in_progress", "receiving advice", "recadv"),
    "melting": Step(TRANSFORMATION, "commissioning", "active", "heat"),
    "rolling": Step(TRANSFORMATION, "commissioning", "active"),
    "pressing": Step(TRANSFORMATION, "commissioning", "active"),
    "installing": Step(ASSOCIATION, "installing"),
    "pelletising": Step(TRANSFORMATION, "commissioning", "active"),
    "compounding": Step(TRANSFORMATION, "commissioning", "active", "heat"),
    "moulding": Step(TRANSFORMATION, "commissioning", "active"),
    "scrap_return": Step(OBJECT, "storing"),
    "disposal": Step(OBJECT, "destroying", "disposed", "manifest", OWN + "manifest"),
    "correction": Step(OBJECT, OWN + "correction"),
    "transfer": Step(TRANSACTION, "accepting", "", "transfer contract", OWN + "transfer"),
}
"""Every step; `heat` is the document by which a transformation is named."""
STEP_OF: Final = tuple(STEP_WORDS[step] for step in STEPS)
ALLOCATION: Final = OWN + "mass_proportional"
"""Every output holds what went in, in proportion to mass: the rule by which all origin shares here are computed."""
