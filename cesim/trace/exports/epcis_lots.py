"""Lots on one side of many entries, as EPCIS names them: goods by weight with a quantity, single things by name."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from cesim.trace.exports.epcis_fields import goods
from cesim.trace.exports.epcis_steps import OWN
from cesim.trace.exports.lot_names import source_goods
from cesim.trace.exports.numbers import UNTOLD_MG, kilograms
from cesim.trace.exports.texts import quoted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cesim.trace.entries import Edges, Names, Sources
    from cesim.trace.exports.lot_names import LotNames

    Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """Lots on one side of the entries of a strip; element e of each list belongs to entry e of the strip.

    Attributes
    ----------
    quantities
        Goods by weight, ready for a quantity list; empty where there are none.
    names
        Single things, ready for a list of names.
    rest
        What neither list can say of them: kind and mass of single things, labels that are no names.
    """

    quantities: list[str]
    names: list[str]
    rest: list[str]


class LotTeller:
    """Turns lots of a ledger into fragments.

    Parameters
    ----------
    called
        Their names.
    words
        Of the ledger.
    shares : (lot, class), optional
        Origin shares to be told with the lots that are made.
    """

    def __init__(self, called: LotNames, words: Names, shares: NDArray[np.float64] | None = None) -> None:
        self.called = called
        self.shares = shares
        self.classes = [quoted(word) for word in words.classes]
        self.goods = [goods(words, n) for n in range(len(called.goods_prefix))]
        self._quick = called.label is None

    def side(self, edges: Edges, first: int, last: int) -> Side:
        """Return the lots of entries ``first`` to ``last``, the last left out."""
        start = edges.start[first : last + 1]
        rows = slice(int(start[0]), int(start[-1]))
        lots, masses = edges.lot[rows], edges.mass_mg[rows]
        bulk = self.called.scheme[lots] == 0
        bounds = (start - start[0]).tolist()
        texts = self._bulk(lots, masses)
        if self._quick and bulk.all():
            nothing = [""] * (last - first)
            pairs = pairwise(bounds)
            return Side([texts[a] if b == a + 1 else ",".join(texts[a:b]) for a, b in pairs], nothing, nothing)
        return self._mixed(lots.tolist(), masses.tolist(), bulk.tolist(), texts, bounds)

    def _bulk(self, lots: Whole, masses: Whole) -> list[str]:
        prefixes = self.called.goods_prefix
        numbers = self.called.goods[lots].tolist()
        weighed = [f',"quantity":{kilograms(m)},"uom":"KGM"}}' if m != UNTOLD_MG else "}" for m in masses.tolist()]
        if self._quick:
            listed = zip(numbers, lots.tolist(), weighed, strict=True)
            return [f'{{"epcClass":"{prefixes[g]}{lot}"{mass}' for g, lot, mass in listed]
        bulk = self.called.bulk
        listed = zip(numbers, lots.tolist(), weighed, strict=True)
        return [f'{{"epcClass":"{bulk(g, lot)}"{mass}' for g, lot, mass in listed]

    def _mixed(self, lots: list[int], masses: list[int], bulk: list[bool], texts: list[str], bounds: list[int]) -> Side:
        """Lots some of which are single things, or have labels that are no names."""
        side = Side([], [], [])
        odd = [0, *accumulate([not one or not self._quick for one in bulk])]
        for a, b in pairwise(bounds):
            if odd[a] == odd[b]:
                side.quantities.append(texts[a] if b == a + 1 else ",".join(texts[a:b]))
                side.names.append("")
                side.rest.append("")
                continue
            goods = [texts[e] for e in range(a, b) if bulk[e]]
            side.quantities.append(",".join(goods))
            single = [f'"{self.called.urn(lots[e])}"' for e in range(a, b) if not bulk[e]]
            side.names.append(",".join(dict.fromkeys(single)))  # the same thing twice is one
            told = [self._rest(lots[e], masses[e], bulk[e]) for e in range(a, b)]
            side.rest.append(",".join([one for one in told if one]))
        return side

    def _rest(self, lot: int, mass: int, bulk: bool) -> str:
        text = "" if bulk else self.goods[self.called.goods[lot]]
        if not bulk and mass != UNTOLD_MG:
            text += f',"{OWN}kg":{kilograms(mass)}'
        if not self._quick or self.called.scheme[lot]:
            label = self.called.unsaid_label(lot)
            if label is not None:
                text += f',"{OWN}label":{quoted(label)}'
        return f'{{"{OWN}lot":"{self.called.urn(lot)}"{text}}}' if text else ""

    def born(self, edges: Edges, first: int, last: int, telling: list[bool]) -> list[str]:
        """Return what is told of the lots that entries make: kind, item and, where it may be told, origin."""
        start = edges.start[first : last + 1]
        lots = edges.lot[int(start[0]) : int(start[-1])]
        numbers, bounds = self.called.goods[lots].tolist(), (start - start[0]).tolist()
        if self.shares is None:
            pairs = pairwise(bounds)
            return [self._kinds(numbers[a:b]) if b != a else "" for a, b in pairs]
        told = []
        for n, (a, b) in enumerate(pairwise(bounds)):
            text = self._kinds(numbers[a:b]) if b != a else ""
            if text and telling[n]:
                text += f',"{OWN}originShares":[{",".join(map(self._shares, lots[a:b].tolist()))}]'
            told.append(text)
        return told

    def _kinds(self, numbers: list[int]) -> str:
        if len(numbers) == 1 or len(set(numbers)) == 1:
            return self.goods[numbers[0]][1:]
        told = ",".join([f"{{{self.goods[one][1:]}}}" for one in sorted(set(numbers))])
        return f'"{OWN}goods":[{told}]'

    def _shares(self, lot: int) -> str:
        assert self.shares is not None
        pairs = zip(self.classes, self.shares[lot].tolist(), strict=False)
        told = ",".join([f'{{"{OWN}origin":{word},"{OWN}share":{share:.6g}}}' for word, share in pairs if share > 0])
        return f'{{"{OWN}lot":"{self.called.urn(lot)}","{OWN}shares":[{told}]}}'


class SourceTeller:
    """Turns matter from sources into fragments: goods of an origin, without a lot."""

    def __init__(self, words: Names) -> None:
        self.names = [source_goods(n - 1).urn() for n in range(len(words.classes) + 1)]

    def side(self, sources: Sources, first: int, last: int, telling: list[bool]) -> list[str]:
        """Return the sources of entries; where the origin may not be told, goods of an untold one."""
        start = sources.start[first : last + 1]
        bounds = (start - start[0]).tolist()
        rows = slice(int(start[0]), int(start[-1]))
        origins, masses = sources.origin[rows].tolist(), sources.mass_mg[rows].tolist()
        told = []
        for n, (a, b) in enumerate(pairwise(bounds)):
            told.append(",".join([self._one(origins[e] if telling[n] else -1, masses[e]) for e in range(a, b)]))
        return told

    def _one(self, origin: int, mass: int) -> str:
        weighed = f',"quantity":{kilograms(mass)},"uom":"KGM"' if mass != UNTOLD_MG else ""
        return f'{{"epcClass":"{self.names[origin + 1]}"{weighed}}}'
