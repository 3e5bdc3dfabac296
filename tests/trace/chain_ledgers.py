"""Ledgers of a chain from cars to compounds drawn at random: everybody has a role, and goods are what they are."""

from dataclasses import replace

import numpy as np
from made_up_ledgers import Writer, records_of

from cesim.trace.entries import Actor, Names
from cesim.trace.selecting import selected
from cesim.trace.steps import STEPS

ACTORS = (
    ("owners", "take_back", "a"), ("wreckers", "dismantler", "a"), ("wreckers b", "dismantler", "b"),
    ("shredder", "shredder", "a"), ("pellets", "pelletiser", "a"), ("pellets b", "pelletiser", "b"),
    ("compounds", "compounder", "a"), ("compounds b", "compounder", "b"), ("casts", "casthouse", "a"),
    ("presses", "press_shop", "a"), ("metals", "metal_supplier", ""), ("recyclates", "recyclate_supplier", ""),
    ("quiet", "casthouse", "b"), ("somebody", "baker", "b"),
)  # fmt: skip
ROLES = [role for _, role, _ in ACTORS]
KINDS = ("car", "hulk", "feed", "piece", "scrap", "plastic", "pellet", "compound", "semis", "primary", "residue")
ITEMS = ("", "6061", "pp")
DAY = 86_400
MAKES = {
    # step: who, of what, what comes out
    "take_back": ("take_back", (), ("car",)),
    "dismantling": ("dismantler", ("car",), ("hulk", "piece", "piece")),
    "shredding": ("shredder", ("hulk", "feed"), ("feed", "residue")),
    "sorting": ("shredder", ("feed",), ("piece",)),
    "baling": ("dismantler", ("piece",), ("scrap", "plastic")),
    "melting": ("casthouse", ("scrap", "primary"), ("primary",)),
    "rolling": ("casthouse", ("primary",), ("semis",)),
    "pressing": ("press_shop", ("semis",), ("semis",)),
    "pelletising": ("pelletiser", ("plastic",), ("pellet",)),
    "compounding": ("compounder", ("pellet", "compound"), ("compound",)),
    "disposal": ("shredder", ("residue",), ()),
}
SUPPLIES = (("metal_supplier", "primary"), ("recyclate_supplier", "pellet"), ("baker", "pellet"), ("baker", "hulk"))
GOES = {
    "car": "dismantler", "hulk": "shredder", "scrap": "casthouse", "plastic": "pelletiser", "pellet": "compounder",
    "semis": "press_shop", "primary": "casthouse",
}  # fmt: skip


def chain(rng, steps=120):
    """Records of a chain: delayed, some inside the works, a few entered twice or naming another lot."""
    writer = Writer()
    writer.names = Names(tuple(Actor(*one) for one in ACTORS), KINDS, ITEMS, writer.names.classes)
    items, have, inside = [], {kind: [] for kind in KINDS}, []

    def lot(kind, mass):
        number = writer.lot(mass, KINDS.index(kind))
        items.append(int(rng.integers(len(ITEMS))) if kind not in ("car", "hulk", "feed") else 0)
        have[kind].append(number)
        return number, mass

    def some(role):
        return int(rng.choice([n for n, one in enumerate(ROLES) if one == role and ACTORS[n][0] != "quiet"]))

    def write(step, who, within=False, **sides):
        writer.write(STEPS.index(step), who, **sides)
        inside.append(within and rng.random() < 0.4)

    for _ in range(steps):
        chance = rng.random()
        if chance < 0.15:
            role, kind = SUPPLIES[rng.integers(len(SUPPLIES))]
            write("supply", some(role), outputs=[lot(kind, int(rng.integers(1, 10**9)))])
        elif chance < 0.5:
            hand_over(rng, have, write, writer, some)
        else:
            step = str(rng.choice(list(MAKES), p=[0.2, 0.15, *[0.65 / (len(MAKES) - 2)] * (len(MAKES) - 2)]))
            role, needs, gives = MAKES[step]
            pool = [n for kind in needs for n in have[kind]]
            if needs and not pool:
                continue
            used = rng.choice(pool, min(len(pool), int(rng.integers(1, 3))), replace=False).tolist() if pool else []
            inputs = [(n, int(rng.integers(1, 10**9))) for n in used]
            within = step in ("dismantling", "shredding", "compounding")
            write(step, some(role), within, inputs=inputs, outputs=[lot(k, int(rng.integers(1, 10**9))) for k in gives])
    return put_together(rng, writer, items, inside)


def hand_over(rng, have, write, writer, some):
    """Ship one lot to somebody who may want it, and let it arrive; either may write nothing."""
    kind = str(rng.choice(list(GOES)))
    if have[kind]:
        number = int(rng.choice(have[kind]))
        giver = {"car": 0, "hulk": some("dismantler")}.get(kind, int(rng.integers(len(ACTORS))))
        taker = len(ACTORS) - 2 if kind == "primary" and rng.random() < 0.3 else some(GOES[kind])
        for step, one, two in (("shipping", giver, taker), ("receiving", taker, giver)):
            if ACTORS[one][0] != "quiet" and rng.random() < 0.9:
                write(step, one, inputs=[(number, writer.masses[number])], partner=two)


def put_together(rng, writer, items, inside):
    entries = writer.entries()
    entries = replace(
        entries, lots=replace(entries.lots, item=np.array(items, dtype=np.int64)), inside=np.array(inside, dtype=bool),
        time_s=np.sort(rng.integers(0, 300 * DAY, len(entries))),
    )  # fmt: skip
    rows = np.sort(np.concatenate([np.arange(len(entries)), rng.integers(0, len(entries), 4)]))
    entries = selected(entries, rows)
    late = rng.integers(0, 40 * DAY, len(entries))
    return replace(records_of(entries, rows), written_s=entries.time_s + late)
