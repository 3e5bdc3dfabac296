"""What the lots of a ledger are called outside: a key of GS1 for each, from its number or label, and the lot again."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError
from cesim.trace.exports.identifiers import BULK, PIECE, Key, escaped, is_serial, read
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.trace.entries import Edges, Entries

    Whole = NDArray[np.int64]

SCHEMES: Final = ("lgtin", "giai", "sgtin", "sscc")
"""A lot of goods by weight; an asset; a piece; a package. All but the first have no quantity of their own."""
SCHEME_OF_KIND: Final = {"car": "giai", "stripped": "giai", "hulk": "giai", "part": "sgtin"}
"""Kinds of lots that are single things; all others are goods by weight."""
SOURCE_GOODS: Final = 90_000
"""Goods from here on are matter of an origin that was no lot before."""
_PACKING, _INSTALLING = STEPS.index("packing"), STEPS.index("installing")
_PACKAGES: Final = 5 * 10**9
"""Packages from here on are numbered by the entry that made them."""
_OF_NUMBER, _OF_ENTRY = "_", "."
_ASSET, _PACKAGE = SCHEMES.index("giai"), SCHEMES.index("sscc")
_ASSETS: Final = Key("giai", 0, "").urn()


class LotNames:
    """Names of the lots of a ledger.

    A lot is called by its label where that can stand in a key, else by ``_`` and its number; what is numbered by an
    entry (a car into which parts were built) begins with a full stop. So no two have the same name.

    Parameters
    ----------
    entries
        The ledger.
    kinds
        Scheme by kind of lot; what is not in it is goods by weight.

    Raises
    ------
    InputError
        ``lot_label_twice``, ``lot_labels_missing``; ``export_too_many`` where there are more kinds of goods than keys.
    """

    def __init__(self, entries: Entries, kinds: Mapping[str, str] = SCHEME_OF_KIND) -> None:
        names, lots = entries.names, entries.lots
        self.items = max(1, len(names.items))
        self.goods = np.maximum(lots.kind, 0) * self.items + np.maximum(lots.item, 0)
        self._kinds = names.kinds or ("",)
        if (
            len(self._kinds) * self.items > SOURCE_GOODS
            or len(lots) > _PACKAGES
            or len(entries) > _PACKAGES
            or len(names.actors) > 10**5
        ):
            raise InputError([Fault("export_too_many", arguments={"found": len(self._kinds) * self.items})])
        self.label = _labels(lots.label, len(lots))
        of_kind = np.array([SCHEMES.index(kinds.get(kind, "lgtin")) for kind in self._kinds])
        self.scheme = of_kind[np.maximum(lots.kind, 0)] if len(lots) else np.zeros(0, dtype=np.int64)
        for step, scheme in ((_PACKING, _PACKAGE), (_INSTALLING, _ASSET)):
            self.scheme[_made_alone(entries.outputs, entries.step == step)] = scheme
        self.goods_prefix = [f"{_bulk(goods)[:-1]}" for goods in range(len(self._kinds) * self.items)]

    def serial(self, lot: int) -> str:
        """Return the free part of a lot's name."""
        if self.scheme[lot] == _PACKAGE:
            return f"{lot:010}"
        if self.label is None:
            return str(lot)
        label = self.label[lot]
        return label if _usable(label) else f"{_OF_NUMBER}{lot}"

    def key(self, lot: int) -> Key:
        """Return the key of a lot."""
        scheme, serial = SCHEMES[self.scheme[lot]], self.serial(lot)
        if scheme in ("giai", "sscc"):
            return Key(scheme, 0, serial)
        return Key(scheme, int(self.goods[lot]), serial, PIECE if scheme == "sgtin" else BULK)

    def urn(self, lot: int) -> str:
        """Return the URN of a lot; the short way of `key`."""
        scheme = self.scheme[lot]
        if self.label is None and scheme == _ASSET:
            return f"{_ASSETS}{lot}"
        return self.key(lot).urn() if scheme else self.bulk(int(self.goods[lot]), lot)

    def bulk(self, goods: int, lot: int) -> str:
        """Return the URN of a lot of goods by weight; the short way of `key`."""
        return self.goods_prefix[goods] + (str(lot) if self.label is None else escaped(self.serial(lot)))

    def lot_of(self, name: str) -> int:
        """Return the lot of a name.

        Raises
        ------
        InputError
            ``identifier_unknown`` where no lot is called so.
        """
        key = read(name)
        lot = self._number_of(key)
        if not 0 <= lot < len(self.goods) or self.key(lot) != key:
            raise InputError([Fault("identifier_unknown", arguments={"found": name[:80]})])
        return lot

    def unsaid_label(self, lot: int) -> str | None:
        """Return the label of a lot that is called by its number although it has one."""
        if self.label is None or (self.scheme[lot] != _PACKAGE and _usable(self.label[lot])):
            return None
        return self.label[lot]

    def _number_of(self, key: Key) -> int:
        text = key.serial.removeprefix(_OF_NUMBER) if self.label is not None else key.serial
        if self.label is not None and key.scheme != "sscc" and text == key.serial:
            return self._by_label.get(key.serial, -1)
        return int(text) if text.isascii() and text.isdecimal() else -1

    @cached_property
    def _by_label(self) -> dict[str, int]:
        return {label: lot for lot, label in enumerate(self.label or ())}


def package_of_entry(entry: int) -> Key:
    """Return the key of a package that is no lot, by the entry that made it."""
    return Key("sscc", 0, f"{_PACKAGES + entry:010}")


def asset_of_entry(entry: int) -> Key:
    """Return the key of a car that is no lot, by the entry that built something into it."""
    return Key("giai", 0, f"{_OF_ENTRY}{entry}")


def source_goods(origin: int) -> Key:
    """Return the key of all matter of an origin (-1: not told) that was no lot before."""
    return Key("lgtin", SOURCE_GOODS + origin + 1, "", BULK)


def _bulk(goods: int) -> str:
    return Key("lgtin", goods, "0", BULK).urn()


def _usable(label: str) -> bool:
    return is_serial(label) and label[0] not in (_OF_NUMBER, _OF_ENTRY)


def _labels(label: object, count: int) -> list[str] | None:
    if label is None:
        return None
    labels = [str(one) for one in label]  # type: ignore[attr-defined]
    if len(labels) != count:
        raise InputError([Fault("lot_labels_missing", arguments={"found": len(labels), "allowed": count})])
    if len(set(labels)) != count:
        seen: set[str] = set()
        twice = next(one for one in labels if one in seen or seen.add(one))  # type: ignore[func-returns-value]
        raise InputError([Fault("lot_label_twice", arguments={"found": twice[:80]})])
    return labels


def _made_alone(outputs: Edges, chosen: NDArray[np.bool_]) -> Whole:
    """Lots that are all that some entries made."""
    alone = chosen & (np.diff(outputs.start) == 1)
    return np.asarray(outputs.lot[outputs.start[:-1][alone]], dtype=np.int64)
