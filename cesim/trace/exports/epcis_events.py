"""Entries as EPCIS events: the bytes of one strip after the other.

The kind of event follows the step where the entry has the lots for it. What has lots on both sides and is said to be
seen, packed or bought is a transformation all the same, or a reader would lose the way from lot to lot; what has none
is an observation of nothing, at a place and a time.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from cesim.trace.exports.epcis_fields import OWN_PREFIX, document, parties, where
from cesim.trace.exports.epcis_lots import LotTeller, Side, SourceTeller
from cesim.trace.exports.epcis_sensors import sensor_elements
from cesim.trace.exports.epcis_steps import (
    AGGREGATION,
    ALLOCATION,
    ASSOCIATION,
    OBJECT,
    OWN,
    STEP_OF,
    TRANSACTION,
    TRANSFORMATION,
)
from cesim.trace.exports.lot_names import asset_of_entry, package_of_entry
from cesim.trace.exports.numbers import instants, kilograms
from cesim.trace.exports.texts import quoted
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.trace.exports.epcis_ledger import Ledger
    from cesim.trace.integrity.spelling import Spelling

STRIP: Final = 2048
"""Entries that are turned into bytes at once."""
_ANALYSIS: Final = STEPS.index("analysis")


class EventTeller:
    """Turns the entries of a ledger into events.

    Parameters
    ----------
    ledger
        What is told, and how.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.entries = ledger.entries
        self.lots = LotTeller(ledger.called, self.entries.names, ledger.shares)
        self.sources = SourceTeller(self.entries.names)
        self._shared: dict[tuple[int, int, int], tuple[str, str]] = {}
        self._before: EventTeller | None = None
        self._of_kind: dict[str, Callable[[int, int, str], tuple[str, str]]] = {
            OBJECT: self._object, TRANSFORMATION: self._transformation, AGGREGATION: self._aggregation,
            ASSOCIATION: self._association, TRANSACTION: self._transaction,
        }  # fmt: skip

    def strip(self, first: int, last: int) -> list[str]:
        """Return the events of entries ``first`` to ``last`` (left out); none for what stays inside a works."""
        self._open(first, last)
        entries = self.entries
        inside, loss = entries.inside[first:last].tolist(), entries.loss_mg[first:last].tolist()
        relabel, corrects = entries.relabel[first:last].tolist(), self.ledger.corrects[first:last].tolist()
        events: list[str] = []
        for n, step in enumerate(self._step):
            if inside[n]:
                continue
            corrected = int(corrects[n])
            if corrected >= 0:
                step = self._step[n] = int(entries.step[corrected])
            events.append(self._event(n, first + n, step, loss[n], relabel[n]))
            if corrected >= 0:
                events.insert(-1, self._taken_back(corrected, first + n, events[-1]))
        return events

    def _taken_back(self, entry: int, by: int, corrective: str) -> str:
        """Return an event once more, with the declaration that it was wrong and the event that is right."""
        import orjson

        if self._before is None:
            self._before = EventTeller(self.ledger)
        again = self._before.strip(entry, entry + 1)[-1]
        right = orjson.loads(corrective)
        said = self.ledger.said_s
        time = self.entries.time_s if said is None else said
        declared = instants(self.ledger.first_year, time[by : by + 1])[0]
        told = f'"declarationTime":"{declared}","reason":"incorrect_data","correctiveEventIDs":["{right["eventID"]}"]'
        return f'{again[:-1]},"errorDeclaration":{{{told}}}}}'

    def _open(self, first: int, last: int) -> None:
        """Turn the columns of a strip into lists, and its lots into fragments."""
        entries, ledger = self.entries, self.ledger
        self._step = entries.step[first:last].tolist()
        self._actor = entries.actor[first:last].tolist()
        self._partner = entries.partner[first:last].tolist()
        self._time = instants(ledger.first_year, entries.time_s[first:last])
        self._told = ledger.origin_told[first:last].tolist()
        self._ins: Side = self.lots.side(entries.inputs, first, last)
        self._outs: Side = self.lots.side(entries.outputs, first, last)
        self._gained = self.sources.side(entries.sources, first, last, self._told)
        self._born = self.lots.born(entries.outputs, first, last, self._told)
        self._stamp = ledger.stamps(first, last)

    def _event(self, n: int, entry: int, step: int, loss: int, relabel: int) -> str:
        key = (step, self._actor[n], self._partner[n])
        shared = self._shared.get(key)
        if shared is None:
            shared = self._shared[key] = (where(*key[:2]), parties(*key))
        kind, lists = self._of_kind[STEP_OF[step].event](n, entry, STEP_OF[step].event)
        text = f'{{"type":"{kind}","eventTime":"{self._time[n]}"{self._stamp[n]}{lists}{shared[0]}'
        if STEP_OF[step].document_type:
            text += self._document(entry, step)
        text += shared[1]
        if step == _ANALYSIS:
            text += self._sensors(n, entry)
        if self._born[n] and kind != AGGREGATION and kind != ASSOCIATION and kind != TRANSACTION:
            text += f',"ilmd":{{{self._born[n]}}}'
        text += self._extensions(n, kind, loss, relabel) + "}"
        return named_by_hash(text) if self.ledger.ids == "hash" else text

    def _sensors(self, n: int, entry: int) -> str:
        inputs, ledger = self.entries.inputs, self.ledger
        rows = slice(int(inputs.start[entry]), int(inputs.start[entry + 1]))
        tells = bool(ledger.composition_told[entry])
        lots, masses = inputs.lot[rows].tolist(), inputs.mass_mg[rows].tolist()
        return sensor_elements(ledger.called, ledger.assays, lots, masses, self._time[n], tells)

    def _document(self, entry: int, step: int) -> str:
        words = STEP_OF[step]
        name = document(words.document, entry)
        return f',"bizTransactionList":[{{"type":"{words.document_type}","bizTransaction":"{name}"}}]'

    def _extensions(self, n: int, kind: str, loss: int, relabel: int) -> str:
        text = f',"{OWN}step":"{STEPS[self._step[n]]}"'
        if kind == TRANSFORMATION:
            text += f',"{OWN}allocation":"{ALLOCATION}"'
        if loss:
            text += f',"{OWN}declaredLossKg":{kilograms(loss)}'
        if relabel >= 0 and self._told[n]:
            text += f',"{OWN}originClass":{quoted(self.entries.names.classes[relabel])}'
        rest = [one for one in (self._ins.rest[n], self._outs.rest[n]) if one]
        if rest:
            text += f',"{OWN}lots":[{",".join(rest)}]'
        return text

    def _object(self, n: int, entry: int, kind: str) -> tuple[str, str]:
        """Lots seen, made out of nothing that was a lot, or ended."""
        into, out = self._has(self._ins, n), self._has(self._outs, n)
        if into and out:
            return self._transformation(n, entry, TRANSFORMATION)
        side = self._outs if out else self._ins
        action = "ADD" if out else "DELETE" if STEP_OF[self._step[n]].business == "destroying" else "OBSERVE"
        lists = _lists(side.names[n], side.quantities[n], "epcList", "quantityList") or ',"epcList":[]'
        gained = f',"{OWN}sources":[{self._gained[n]}]' if self._gained[n] else ""
        return kind, f'{lists},"action":"{action}"{gained}'

    def _transformation(self, n: int, entry: int, kind: str) -> tuple[str, str]:
        """Lots made of lots, and of matter that was none."""
        ins, outs = self._ins, self._outs
        quantities = _joined(ins.quantities[n], self._gained[n])
        into = _lists(ins.names[n], quantities, "inputEPCList", "inputQuantityList")
        out = _lists(outs.names[n], outs.quantities[n], "outputEPCList", "outputQuantityList")
        if not into and not out:
            return OBJECT, ',"epcList":[],"action":"OBSERVE"'
        named = not (into and out) or STEP_OF[self._step[n]].document == "heat"
        return kind, into + out + (f',"transformationID":"{document("heat", entry)}"' if named else "")

    def _aggregation(self, n: int, entry: int, kind: str) -> tuple[str, str]:
        """Lots put into a package."""
        return self._into(n, entry, kind, package_of_entry(entry).urn(), "sscc")

    def _association(self, n: int, entry: int, kind: str) -> tuple[str, str]:
        """Lots built into a car."""
        return self._into(n, entry, kind, asset_of_entry(entry).urn(), "giai")

    def _into(self, n: int, entry: int, kind: str, parent: str, scheme: str) -> tuple[str, str]:
        outs = self._outs
        children = _lists(self._ins.names[n], self._ins.quantities[n], "childEPCs", "childQuantityList")
        own = outs.names[n]
        whole = bool(own) and "," not in own and not outs.quantities[n] and f":{scheme}:" in own
        if not children or self._gained[n] or (self._has(outs, n) and not whole):
            return self._object(n, entry, OBJECT)
        return kind, f',"parentID":{own or chr(34) + parent + chr(34)}{children},"action":"ADD"'

    def _transaction(self, n: int, entry: int, kind: str) -> tuple[str, str]:
        """Lots that change their owner; none where it is credits that do."""
        if self._has(self._outs, n) or self._gained[n]:
            return self._object(n, entry, OBJECT)
        ins = self._ins
        lists = _lists(ins.names[n], ins.quantities[n], "epcList", "quantityList") or ',"epcList":[]'
        return kind, f'{lists},"action":"ADD"'

    @staticmethod
    def _has(side: Side, n: int) -> bool:
        return bool(side.quantities[n] or side.names[n])


@cache
def _spelling() -> Spelling:
    from cesim.trace.integrity.spelling import Spelling

    return Spelling(OWN_PREFIX)


def named_by_hash(event: str) -> str:
    """Return an event with the hash of what it says as its identifier (CBV 2.0, 8.9)."""
    import orjson

    from cesim.trace.integrity.event_hash import event_hash

    return f'{event[:-1]},"eventID":"{event_hash(orjson.loads(event), _spelling())}"}}'


def _joined(one: str, other: str) -> str:
    return f"{one},{other}" if one and other else one or other


def _lists(names: str, quantities: str, name_list: str, quantity_list: str) -> str:
    text = f',"{name_list}":[{names}]' if names else ""
    return f'{text},"{quantity_list}":[{quantities}]' if quantities else text
