"""Rows of a table of steps, put together to events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.errors import Fault
from cesim.text import nearest
from cesim.trace.entries import Actor
from cesim.trace.imports.identities import party_of
from cesim.trace.imports.said import UNTOLD_MG, Matter, Portion, Said, summed
from cesim.trace.imports.table_words import (
    DIRECTION_WORDS,
    IN,
    LOSS,
    ORIGIN_WORDS,
    OUT,
    STEP_WORDS,
    USUAL_DIRECTION,
)
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cesim.trace.imports.identities import Identities
    from cesim.trace.imports.said import Told
    from cesim.trace.imports.table_cells import Row

_ONE_OF_AN_EVENT: Final = ("time", "actor", "role", "place", "step", "partner", "recorded")
"""Cells that say the same in every row of an event; a later row may leave them empty."""
_HANDING: Final = ("shipping", "receiving")


class EventRows:
    """Puts rows together to events.

    Parameters
    ----------
    told
        Where events, lots and actors go.
    identities
        Spelling of lots and actors that are called by keys.
    origins
        Lots of the tables of lots with their origin; None where there is no such table and every lot is taken.
    faults
        What is wrong goes there.
    """

    def __init__(
        self, told: Told, identities: Identities, origins: Mapping[str, str] | None, faults: list[Fault]
    ) -> None:
        self._told, self._identities, self._origins, self._faults = told, identities, origins, faults
        self._first: dict[str, Row] = {}

    def read(self, rows: Sequence[Row]) -> None:
        """Read a table."""
        events: dict[str, list[Row]] = {}
        for row in rows:
            name = row.text("event", needed=True)
            if name:
                events.setdefault(name, []).append(row)
        for name, together in events.items():
            if name in self._first:
                other = {"found": name[:80], "other": self._first[name].place("event")}
                self._faults.append(Fault("import_event_twice", together[0].place("event"), other))
                continue
            self._first[name] = together[0]
            self._read_event(together)

    def _read_event(self, rows: Sequence[Row]) -> None:
        before = len(self._faults)
        first = rows[0]
        for name in ("time", "actor", "step"):
            first.text(name, needed=True)
        self._same_in_all(rows)
        step = first.word("step", STEP_WORDS, STEPS)
        time, recorded = first.second("time"), first.second("recorded", end_of_day=True)
        actor, partner = self._actor(first), self._party(first.text("partner"))
        parts = [self._part(row, step) for row in rows] if step else []
        if time is None or len(self._faults) > before:
            return
        inputs = summed(part for side, part, _ in parts if side == IN and part.lot)
        outputs = summed(part for side, part, _ in parts if side == OUT)
        sources = [Matter(origin, part.mass_mg) for side, part, origin in parts if side == IN and not part.lot]
        relabel = self._relabel(rows) if inputs else ""
        if not inputs and not sources:
            sources = [Matter(origin, part.mass_mg) for side, part, origin in parts if side == OUT]
        loss = sum(part.mass_mg for side, part, _ in parts if side == LOSS)
        written = time if recorded is None else recorded
        self._told.said.append(Said(
            step, actor, partner, time, written, inputs, outputs, tuple(sources), loss, relabel, first.place("event"),
        ))  # fmt: skip

    def _same_in_all(self, rows: Sequence[Row]) -> None:
        for name in _ONE_OF_AN_EVENT:
            told = rows[0].text(name)
            for row in rows[1:]:
                if row.text(name) not in ("", told):
                    row.refuse("import_event_disagrees", name, found=row.text(name)[:80], other=rows[0].place(name))

    def _actor(self, row: Row) -> str:
        name = row.text("actor")
        key = self._party(name)
        if key and not self._told.actors[key].role:
            self._told.actors[key] = Actor(name, row.text("role"), row.text("place"))
        return key

    def _party(self, name: str) -> str:
        if not name:
            return ""
        key = party_of(self._identities.key(name))
        self._told.actors.setdefault(key, Actor(name, ""))
        return key

    def _part(self, row: Row, step: str) -> tuple[str, Portion, str]:
        """Return the direction of a row, its lot and mass, and its origin."""
        side = row.word("direction", DIRECTION_WORDS, (IN, OUT, LOSS))
        if not row.text("direction"):
            side = USUAL_DIRECTION.get(step, "")
            if not side:
                row.refuse("import_cell_empty", "direction", what="direction")
        if side != IN and step in _HANDING and side:
            row.refuse("import_row_of_handover", "direction", found=row.text("direction"))
        name, mass = row.text("lot"), row.mass("mass_kg")
        origin = row.word("origin", ORIGIN_WORDS, self._told.classes)
        if side == LOSS:
            if name:
                row.refuse("import_row_of_loss", "lot", found=name[:80])
            if mass == UNTOLD_MG:
                row.refuse("import_cell_empty", "mass_kg", what="mass_kg")
            return LOSS, Portion("", max(mass, 0)), ""
        if not name and (side == OUT or step in _HANDING):
            row.refuse("import_cell_empty", "lot", what="lot")
        key = self._lot(row, name) if name else ""
        if side == OUT and not origin and self._origins:
            origin = self._origins.get(key, "")
        return side, Portion(key, mass), origin

    def _lot(self, row: Row, name: str) -> str:
        key = self._identities.key(name)
        if self._origins is not None and key not in self._origins:
            near = {"found": name[:80], "nearest": nearest(name, (lot.label for lot in self._told.lots.values()))}
            self._faults.append(Fault("import_lot_unknown", row.place("lot"), near))
        self._told.lot(key, name)
        return key

    def _relabel(self, rows: Sequence[Row]) -> str:
        """Return the origin that all that leaves gets; it is told of all lots that leave, or of none."""
        found = ""
        for row in rows:
            told = row.text("origin")
            if told and row.word("direction", DIRECTION_WORDS, (IN, OUT, LOSS)) == OUT:
                word = row.word("origin", ORIGIN_WORDS, self._told.classes)
                if found and word != found:
                    row.refuse("import_event_disagrees", "origin", found=told[:80], other=rows[0].place("origin"))
                found = found or word
        return found
