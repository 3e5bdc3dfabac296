"""Our own words in the events of others: nothing in the standard checks them, so everything is checked here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault
from cesim.text import nearest
from cesim.trace.imports.masses import MG_OF, MOST_MG, milligrams
from cesim.trace.imports.said import UNTOLD_MG
from cesim.trace.standards.places import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.trace.imports.epcis_documents import Event

_KG: Final = MG_OF["KGM"]


class OwnWords:
    """Reads our words; what is wrong with them is put among the faults.

    Parameters
    ----------
    classes
        Origins that may be told.
    faults
        Where to put them.
    """

    def __init__(self, classes: tuple[str, ...], faults: list[Fault]) -> None:
        self.classes = classes
        self.faults = faults

    def loss(self, event: Event) -> int:
        """Return the declared loss, mg; 0 where none is declared."""
        name, told = event.word("declaredLossKg")
        if told is None:
            return 0
        if not self._is(told, (int, float), event, (name,), "number"):
            return 0
        return milligrams(told, _KG, partial(event.place, name), self.faults, -float(MOST_MG))

    def origin(self, event: Event, name: str, *within: str) -> str:
        """Return an origin class that is told in the event or in its master data, empty where none is."""
        held = event.told
        for one in within:
            held = held.get(one, {})
        key, told = event.word(name, held)
        if told is None or not self._is(told, (str,), event, (*within, key), "string"):
            return ""
        return self.known(told, event, (*within, key))

    def known(self, told: str, event: Event, names: tuple[str | int, ...]) -> str:
        """Return an origin class, or empty with a fault where there is no such class."""
        if told in ("", "untold") or told in self.classes:
            return "" if told == "untold" else told
        told_of = {"found": told[:80], "allowed": list(self.classes), "nearest": nearest(told, self.classes)}
        self.faults.append(Fault("import_origin_unknown", event.place(*names), told_of))
        return ""

    def text(self, event: Event, name: str, *within: str) -> str:
        """Return a text, empty where there is none."""
        held = event.told
        for one in within:
            held = held.get(one, {})
        key, told = event.word(name, held)
        return told if told is not None and self._is(told, (str,), event, (*within, key), "string") else ""

    def rows(self, event: Event, name: str, *within: str) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
        """Yield the objects of a list, each with the names that lead there."""
        held = event.told
        for one in within:
            held = held.get(one, {})
        key, told = event.word(name, held)
        if told is None or not self._is(told, (list,), event, (*within, key), "array"):
            return
        for number, row in enumerate(told):
            names: tuple[str | int, ...] = (*within, key, number)
            if self._is(row, (dict,), event, names, "object"):
                yield names, row

    def lots(self, event: Event) -> Iterator[tuple[str, int, str]]:
        """Yield what is told of single things beside their names: the thing, its mass, mg, and what it is called."""
        for names, row in self.rows(event, "lots"):
            key, lot = event.word("lot", row)
            if not self._is(lot, (str,), event, (*names, key), "string"):
                continue
            weighed, mass = UNTOLD_MG, event.word("kg", row)
            if mass[1] is not None and self._is(mass[1], (int, float), event, (*names, mass[0]), "number"):
                weighed = milligrams(mass[1], _KG, partial(event.place, *names, mass[0]), self.faults)
            called = event.word("label", row)
            if called[1] is not None and not self._is(called[1], (str,), event, (*names, called[0]), "string"):
                called = ("", None)
            yield lot, weighed, called[1] or ""

    def _is(self, told: Any, wanted: tuple[type, ...], event: Event, names: tuple[str | int, ...], word: str) -> bool:
        if type(told) in wanted:
            return True
        self.faults.append(Fault("import_extension", event.place(*names), {"found": kind(told), "allowed": word}))
        return False
