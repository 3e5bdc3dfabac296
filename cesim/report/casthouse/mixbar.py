"""A mix as one bar: what goes in, side by side, coloured by what it counts as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from cesim.charge.composition import BASE
from cesim.report.casthouse.shell import Key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.charge.furnace import Addition
    from cesim.report.casthouse.writing import Writer

KINDS = ("post", "pre", "none", "added")
"""Post-consumer scrap, pre-consumer scrap, primary metal and run-around scrap, additions: the order in the bar."""
NAMED_FROM = 0.1
"""Share of the bar from which on a piece bears its name."""


PRIMARY_FROM = 0.99
"""Aluminium, mass fraction, from which on what a furnace may add is primary metal and no alloying addition."""


@dataclass(frozen=True)
class Piece:
    """One material in the mix."""

    name: str
    kind: str
    mass: float


def kind_of(addition: Addition) -> str:
    """Return what an addition of a furnace counts as: primary metal such as P1020 is often one of them."""
    return "none" if float(addition.content((BASE,))[0]) >= PRIMARY_FROM else "added"


def mix_bar(pieces: Sequence[Piece], writer: Writer) -> Markup:
    """Return the bar; pieces of one kind lie together, the largest first."""
    whole = sum(piece.mass for piece in pieces)
    ordered = sorted(pieces, key=lambda piece: (KINDS.index(piece.kind), -piece.mass))
    spans = []
    for piece in ordered:
        share = piece.mass / whole
        told = writer.full(share, "share")
        inside = Markup("<b>{}</b><b>{}</b>").format(piece.name, told) if share >= NAMED_FROM else ""
        spans.append(
            Markup('<span class="k-{}" style="flex:{} 1 0" title="{}">{}</span>').format(
                piece.kind, f"{share:.5f}", f"{piece.name}: {told}", inside
            )
        )
    return Markup('<div class="mix">{}</div>').format(Markup("").join(spans))


def keys_of(pieces: Sequence[Piece], writer: Writer) -> tuple[Key, ...]:
    """Return the legend of the kinds that are there."""
    there = {piece.kind for piece in pieces}
    return tuple(Key(f"k-{kind}", writer.say(f"kind.{kind}")) for kind in KINDS if kind in there)
