"""Business steps of EPCIS as steps of the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.trace.exports.epcis_steps import OWN, STEP_WORDS
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from cesim.trace.imports.epcis_documents import Event

_GIVING: Final = frozenset(("shipping", "departing", "consigning"))
_TAKING: Final = frozenset(("receiving", "arriving", "accepting"))
"""Words under which lots leave a place, and come to one."""
_OF_OWN: Final = {words.business.removeprefix(OWN): step for step, words in STEP_WORDS.items() if OWN in words.business}
"""Our own business steps: shredding, sorting, baling, ..."""
_MAKING: Final = {
    "disassembling": "dismantling",
    "repackaging": "baling",
    "packing": "packing",
    "sampling": "analysis",
    "installing": "installing",
    "assembling": "installing",
    "storing": "scrap_return",
    "collecting": "take_back",
    "accepting": "transfer",
    "destroying": "disposal",
}
_BY_ROLE: Final = {
    "press_shop": ("pressing", "pressing"),
    "pelletiser": ("pelletising", "pelletising"),
    "compounder": ("moulding", "compounding"),
    "dismantler": ("dismantling", "dismantling"),
    "shredder": ("shredding", "shredding"),
}
"""What a role makes where the business step does not tell: without, and with the name of a charge."""
_USUALLY: Final = ("rolling", "melting")


def business(told: dict[str, Any]) -> str:
    """Return the business step of an event, empty where there is none."""
    found = told.get("bizStep", "")
    return found if isinstance(found, str) else ""


def gives(told: dict[str, Any]) -> bool:
    """Say whether the actor of an event is who gives."""
    return business(told) in _GIVING or told["type"] == "TransactionEvent"


def takes(told: dict[str, Any]) -> bool:
    """Say whether the actor of an event is who takes."""
    return (business(told) in _TAKING or business(told) == "collecting") and told["type"] != "TransactionEvent"


def handover(told: dict[str, Any]) -> str:
    """Return ``shipping`` or ``receiving`` for what hands lots over, else nothing."""
    word = business(told)
    return "shipping" if word in _GIVING else "receiving" if word in _TAKING else ""


def making(event: Event, role: str) -> str:
    """Return the step of an event that makes lots of lots."""
    word = _own_word(event)
    if word in STEPS:
        return word
    if word in _MAKING:
        return _MAKING[word]
    return _BY_ROLE.get(role, _USUALLY)["transformationID" in event.told]


def beginning(event: Event) -> str:
    """Return the step of an event that makes lots of nothing that was a lot."""
    word = _own_word(event)
    return word if word in STEPS else {"collecting": "take_back", "storing": "scrap_return"}.get(word, "supply")


def is_making(event: Event) -> bool:
    """Say whether an event without outputs is one of making all the same, of which the outputs were left out."""
    word = _own_word(event)
    return word in STEPS or word in ("commissioning", "disassembling")


def _own_word(event: Event) -> str:
    """Return the step that we tell ourselves, one of `STEPS`; else the business step as it stands."""
    _, told = event.word("step")
    if isinstance(told, str) and told in STEPS:
        return told
    found = business(event.told)
    prefix, colon, rest = found.partition(":")
    return _OF_OWN.get(rest, found) if colon and prefix in event.own else found
