"""The things that an event names: lots with their masses, goods of which it names no lot, packages and contents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from cesim.errors import Fault
from cesim.trace.imports.identities import goods_of, is_goods
from cesim.trace.imports.masses import MG_OF, milligrams
from cesim.trace.imports.said import UNTOLD_MG, Matter, Portion, summed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cesim.trace.imports.epcis_contents import Contents
    from cesim.trace.imports.epcis_documents import Event, Master
    from cesim.trace.imports.epcis_own import OwnWords
    from cesim.trace.imports.identities import Identities
    from cesim.trace.imports.said import Told


@dataclass(frozen=True, slots=True)
class Things:
    """Things that an event names on one side.

    Attributes
    ----------
    lots
        With their masses.
    goods
        Kinds of goods of which no lot is named, with their masses.
    weighed
        Masses of single things, which we tell beside their names.
    """

    lots: tuple[Portion, ...]
    goods: tuple[tuple[str, int], ...] = ()
    weighed: Mapping[str, int] | None = None

    def weight(self, key: str) -> int:
        """Return the mass of a single thing."""
        return UNTOLD_MG if self.weighed is None else self.weighed.get(key, UNTOLD_MG)


class ThingReader:
    """Reads the things of events, and keeps what is said of lots.

    Parameters
    ----------
    master
        What the documents say of goods beside their events.
    identities
        Spelling.
    told
        Where lots and remarks go.
    own
        Reads our own words.
    contents
        What lies in what.
    """

    def __init__(self, master: Master, identities: Identities, told: Told, own: OwnWords, contents: Contents) -> None:
        self._identities, self._told, self._own, self._contents = identities, told, own, contents
        self._goods = {identities.key(name): words for name, words in master.goods.items()}

    def things(self, event: Event, names: str, quantities: str) -> Things:
        """Return the things of two lists of an event."""
        weighed = self._single(event)
        found, goods = [], []
        for name in event.told.get(names, ()):
            key = self.key(name)
            found.append(Portion(key, weighed.get(key, UNTOLD_MG)))
        for number, one in enumerate(event.told.get(quantities, ())):
            mass = self._weight(event, one, (quantities, number))
            key = self._identities.key(one["epcClass"])
            if is_goods(key):
                goods.append((key, mass))
            else:
                found.append(Portion(self.key(one["epcClass"]), mass))
        return Things(tuple(found), tuple(goods), weighed)

    def key(self, name: str) -> str:
        """Return the key of a lot, which may be new."""
        key = self._identities.key(name)
        if key not in self._told.lots:
            goods = goods_of(key)
            words = self._goods.get(goods, {})
            lot = self._told.lot(key, name)
            lot.kind, lot.item = words.get("kind", ""), words.get("item", "")
            if not lot.kind:
                lot.item = lot.item or _called(words) or goods
        return key

    def born(self, event: Event, things: Things) -> tuple[Portion, ...]:
        """Return lots that are made, with what is said of them; goods without a lot become a lot of this event."""
        kind, item = (self._own.text(event, word, "ilmd") for word in ("kind", "item"))
        for portion in things.lots:
            lot = self._told.lots[portion.lot]
            if not lot.kind:
                lot.kind, lot.item = kind, item or lot.item
        extra = []
        for number, (goods, mass) in enumerate(things.goods):
            name = f"{goods}#{event.number}.{number}"
            words, lot = self._goods.get(goods, {}), self._told.lot(name, name)
            lot.kind, lot.item = words.get("kind", ""), words.get("item", "") or _called(words) or goods
            extra.append(Portion(name, mass))
        return summed((*things.lots, *extra))

    def opened(self, event: Event, things: Things) -> tuple[Portion, ...]:
        """Return lots with packages opened; goods of which no lot is named cannot be followed and are left."""
        if things.goods:
            self._told.remarks.note("import_goods_without_lot", event.place(), found=things.goods[0][0][:80])
        return summed(self._contents.opened(things.lots))

    def matter(self, goods: Iterable[tuple[str, int]]) -> list[Matter]:
        """Return goods without a lot as matter: its origin is known where the document itself says so."""
        found = []
        for key, mass in goods:
            words = self._goods.get(key, {})
            origin = words.get("origin", "") if words.get("kind") == "source" else ""
            found.append(Matter("" if origin == "untold" else origin, mass))
        return found

    def sources(self, event: Event) -> Iterator[Matter]:
        """Yield matter that came in, as our own list tells it."""
        for names, row in self._own.rows(event, "sources"):
            goods, mass, unit = row.get("epcClass"), row.get("quantity"), row.get("uom", "")
            if type(goods) is not str or type(mass) not in (int, float, type(None)) or type(unit) is not str:
                told = {"found": "?", "allowed": "epcClass, quantity, uom"}
                self._own.faults.append(Fault("import_extension", event.place(*names), told))
                continue
            weighed = UNTOLD_MG if mass is None else self._weight(event, row, names)
            yield from self.matter([(self._identities.key(goods), weighed)])

    def _single(self, event: Event) -> dict[str, int]:
        """Return masses of single things, and keep what they are called."""
        found = {}
        for name, mass, label in self._own.lots(event):
            key = self.key(name)
            found[key] = mass
            if label:
                self._told.lots[key].label = label
        return found

    def _weight(self, event: Event, one: dict[str, Any], names: tuple[str | int, ...]) -> int:
        if "quantity" not in one:
            return UNTOLD_MG
        unit = one.get("uom", "")
        if unit not in MG_OF:
            self._told.remarks.note("import_unit", event.place(*names), kind=unit or "-", found=unit or "-")
            return UNTOLD_MG
        place = partial(event.place, *names, "quantity")
        return milligrams(one["quantity"], MG_OF[unit], place, self._own.faults)


def _called(words: Mapping[str, str]) -> str:
    """Return what goods are called in the master data of the standard."""
    return words.get("descriptionShort", "") or words.get("tradeItemDescription", "")
