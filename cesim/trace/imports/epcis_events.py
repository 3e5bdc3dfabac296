"""Each kind of EPCIS event as what it says of lots."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault
from cesim.trace.imports.epcis_contents import Contents
from cesim.trace.imports.epcis_handovers import VOID, Handovers, without
from cesim.trace.imports.epcis_lots import ThingReader, Things
from cesim.trace.imports.epcis_own import OwnWords
from cesim.trace.imports.epcis_parties import Parties
from cesim.trace.imports.epcis_steps import beginning, business, is_making, making
from cesim.trace.imports.said import UNTOLD_MG, Matter, Portion, Said, summed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cesim.trace.imports.epcis_documents import Event, Master
    from cesim.trace.imports.identities import Identities
    from cesim.trace.imports.said import Told

_NAMING: Final = frozenset(("", "commissioning", "creating_class_instance", "encoding"))
"""Business steps that give a thing its name, also where a transformation has told already that it was made."""
_ADDED, _DELETED = "ADD", "DELETE"


class EventReader:
    """Reads events one after the other, in the order of time.

    Parameters
    ----------
    events
        All that are going to be read.
    master
        What the documents say beside them.
    identities
        Spelling.
    told
        Where lots, actors and remarks go.

    Attributes
    ----------
    parts
        Places of transformations in `said`, by their id.
    faults
        What cannot be read.
    """

    def __init__(self, events: Sequence[Event], master: Master, identities: Identities, told: Told) -> None:
        self._told, self._identities = told, identities
        self.faults: list[Fault] = []
        self.parts: dict[str, list[int]] = {}
        self._said: list[Said] = []
        self._own = OwnWords(told.classes, self.faults)
        self._parties = Parties(events, master, identities)
        self._made_by = self._makers(events)
        self._handovers = Handovers(
            events, self._parties.actor, lambda one: self._names(one, "epcList", "quantityList")
        )
        self._contents = Contents(frozenset(self._made_by) | self._added(events))
        self._things = ThingReader(master, identities, told, self._own, self._contents)
        self._kinds = {
            "ObjectEvent": self._object, "TransformationEvent": self._transformation,
            "AggregationEvent": self._package, "AssociationEvent": self._package,
            "TransactionEvent": self._transaction,
        }  # fmt: skip

    def read(self, event: Event, time_s: int, written_s: int) -> None:
        """Read one event; what says nothing of lots is left out with a remark."""
        reads = self._kinds.get(event.told["type"])
        if reads is None:
            self._told.remarks.note("import_left_out", event.place("type"), kind=event.told["type"][:80])
            return
        actor = self._parties.actor(event)
        partner = self._parties.partner(event, actor)
        base = Said("", actor, partner, time_s, written_s, (), (), (), self._own.loss(event), "", event.place())
        said = reads(event, base)
        if said is None:
            return
        if not (said.inputs or said.outputs):
            kind = business(event.told) or event.told["type"]
            self._told.remarks.note("import_left_out", event.place(), kind=kind[:80])
            return
        for key in (actor, partner):
            if key and key not in self._told.actors:
                self._told.actors[key] = self._parties.described(key)
        if event.told["type"] == "TransformationEvent" and "transformationID" in event.told:
            name = self._identities.key(event.told["transformationID"])
            self.parts.setdefault(name, []).append(len(self._said))
        self._said.append(said)

    def whole(self) -> list[Said]:
        """Return what was read so far."""
        return self._said

    def _object(self, event: Event, base: Said) -> Said | None:
        """Lots that come in, are handed over, looked at, or end."""
        side = self._things.things(event, "epcList", "quantityList")
        if event.told["action"] == _ADDED:
            return self._began(event, base, side)
        inputs = self._things.opened(event, side)
        if business(event.told) == VOID:
            if not without(self._said, base.actor, [portion.lot for portion in inputs]):
                self._told.remarks.note("import_nothing_withdrawn", event.place())
            return None
        step = self._handovers.step(event, base.actor)
        if event.told["action"] == _DELETED:
            step = "disposal"
        elif not step:
            step = making(event, self._role(base)) if is_making(event) else "analysis"
        return replace(base, step=step, inputs=inputs, relabel=self._own.origin(event, "originClass"))

    def _began(self, event: Event, base: Said, side: Things) -> Said:
        """Lots that are heard of for the first time."""
        outputs = self._things.born(event, side)
        sources = [*self._things.sources(event), *self._carried(event, outputs)]
        relabel = self._own.origin(event, "originClass")
        if business(event.told) in _NAMING and not sources and not relabel:
            outputs, named = self._not_named_again(event, base, outputs)
            if named and not outputs:
                return replace(base, step="analysis", inputs=named)
        if not sources and not relabel:
            sources = [Matter("", mass) for _, mass in outputs if mass > 0]
        step = beginning(event)
        return replace(base, step=step, outputs=outputs, sources=tuple(sources), relabel=relabel)

    def _transformation(self, event: Event, base: Said) -> Said | None:
        """Lots that are made of lots, and of goods of which no lot is named."""
        ins = self._things.things(event, "inputEPCList", "inputQuantityList")
        outs = self._things.things(event, "outputEPCList", "outputQuantityList")
        return replace(
            base,
            step=making(event, self._role(base)),
            inputs=summed(self._contents.opened(ins.lots)),
            outputs=self._things.born(event, outs),
            sources=(*self._things.matter(ins.goods), *self._things.sources(event)),
            relabel=self._own.origin(event, "originClass"),
        )

    def _package(self, event: Event, base: Said) -> Said | None:
        """Things put into a package or built into a product; taken out of it; seen in it."""
        side = self._things.things(event, "childEPCs", "childQuantityList")
        parent = event.told.get("parentID", "")
        inputs, action = self._things.opened(event, side), event.told["action"]
        step = "installing" if event.told["type"] == "AssociationEvent" else "packing"
        if not parent or action not in (_ADDED, _DELETED):
            return replace(base, step="analysis", inputs=inputs)
        key = self._things.key(parent)
        if action == _DELETED:
            self._contents.take(key, side.lots)
            step = "analysis"
        elif side.weight(key) != UNTOLD_MG:  # a package that is a lot of its own
            made = Things((Portion(key, side.weight(key)),))
            return replace(base, step=step, inputs=inputs, outputs=self._things.born(event, made))
        elif not self._contents.put(key, side.lots):
            self.faults.append(Fault("import_package_in_itself", event.place("parentID"), {"found": parent[:80]}))
        return replace(base, step=step, inputs=inputs)

    def _transaction(self, event: Event, base: Said) -> Said | None:
        """Lots that change their owner."""
        if event.told["action"] == _DELETED:
            self._told.remarks.note("import_left_out", event.place(), kind="TransactionEvent DELETE")
            return None
        return replace(
            base,
            step="transfer",
            inputs=self._things.opened(event, self._things.things(event, "epcList", "quantityList")),
        )

    def _role(self, base: Said) -> str:
        return self._parties.described(base.actor).role

    def _carried(self, event: Event, outputs: Sequence[Portion]) -> Iterable[Matter]:
        """Return matter by the origin that the lots' own master data tells."""
        origin = self._own.origin(event, "origin", "ilmd") if "ilmd" in event.told else ""
        return [Matter(origin, mass) for _, mass in outputs if origin]

    def _not_named_again(
        self, event: Event, base: Said, outputs: tuple[Portion, ...]
    ) -> tuple[tuple[Portion, ...], tuple[Portion, ...]]:
        """Return lots that are new, and those that the same actor tells elsewhere to have made of others."""
        named = tuple(one for one in outputs if base.actor in self._made_by.get(one.lot, ()))
        if named:
            self._told.remarks.note("import_named_again", event.place(), found=self._told.lots[named[0].lot].label)
        return tuple(one for one in outputs if one not in named), named

    def _makers(self, events: Sequence[Event]) -> dict[str, set[str]]:
        """Return who tells to have made each lot of others."""
        found: dict[str, set[str]] = {}
        for event in events:
            if event.told["type"] == "TransformationEvent":
                for name in self._names(event, "outputEPCList", "outputQuantityList"):
                    found.setdefault(name, set()).add(self._parties.actor(event))
        return found

    def _added(self, events: Sequence[Event]) -> set[str]:
        return {
            name for event in events if event.told["type"] == "ObjectEvent" and event.told["action"] == _ADDED
            for name in self._names(event, "epcList", "quantityList")
        }  # fmt: skip

    def _names(self, event: Event, names: str, quantities: str) -> list[str]:
        found = [*event.told.get(names, ()), *(one["epcClass"] for one in event.told.get(quantities, ()))]
        return [self._identities.key(name) for name in found]
