"""SecondaryMaterialContentVerifiable of Catena-X (1.0.0, CX-0098): what part makers tell of what their parts are of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.ledger.substances import MATERIAL
from cesim.trace.exports.catenax import told_sums
from cesim.trace.exports.catenax_shares import in_millionths, percent
from cesim.trace.exports.catenax_words import SHARE_WORDS, UNRECORDED, classification
from cesim.trace.exports.numbers import kilograms
from cesim.trace.exports.texts import sayable
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.trace.exports.epcis_ledger import Ledger
    from cesim.trace.exports.lost import Lost

_MAKE_PARTS: Final = (STEPS.index("pressing"), STEPS.index("moulding"))
_STANDARDS: Final = {"aluminium": ("JIS", "H 4000"), "plastics": ("ISO", "1043")}
"""Standard that names a material; H 4000 is the one for sheet (status: unverified)."""


def secondary_contents(ledger: Ledger, lost: Lost) -> Iterator[bytes]:
    """Yield a SecondaryMaterialContentVerifiable for every lot of parts: what of it was scrap before, percent.

    Bio-based matter is told as such; matter recycled in chemistry is told as post-consumer and mass-balanced. What a
    process takes back itself, and what is untold, counts as primary.
    """
    import orjson

    entries = ledger.entries
    entry = entries.outputs.entry()
    made = np.isin(entries.step[entry], _MAKE_PARTS) & ~entries.inside[entry] & ledger.origin_told[entry]
    if ledger.shares is None:
        lost.left_out["shares_not_given"] += int(made.sum())
        return
    bio = [n for n, name in enumerate(entries.names.classes) if name == "bio"]
    whole = [told_sums(side) for side in (entries.inputs, entries.outputs)]
    for edge in np.flatnonzero(made).tolist():
        lot, mass = int(entries.outputs.lot[edge]), int(entries.outputs.mass_mg[edge])
        item = entries.names.items[entries.lots.item[lot]] if entries.names.items else ""
        standard = _STANDARDS.get(MATERIAL.get(item, ""))
        if standard is None or mass < 0:
            lost.left_out["no_standard"] += 1
            continue
        for name in ("orderNumber", "bioBasedClass", "referencedStandardID"):
            lost.filled[f"SecondaryMaterialContentVerifiable.{name}"] += 1
        into, out = (int(side[entry[edge]]) for side in whole)
        gross = mass * into // out if into > 0 and out > 0 else mass
        row = in_millionths(ledger.shares[[lot]], entries.names.classes)[0].tolist()
        share = round(float(ledger.shares[lot, bio].sum()) * 1_000_000)
        content = _content(item, standard, (mass, gross), dict(zip(SHARE_WORDS, row, strict=True)), share)
        content["additionalInformation"] = ledger.called.key(lot).urn()
        yield orjson.dumps({"orderNumber": UNRECORDED, "secondaryMaterialContent": [content]}) + b"\n"


def _content(
    item: str, standard: tuple[str, str], masses: tuple[int, int], told: dict[str, int], bio: int
) -> dict[str, Any]:
    import orjson

    bio = min(bio, told["primary"])
    primary = told["primary"] + told["untold"] + told["reutilized"] - bio
    net, gross = (orjson.Fragment(kilograms(mass)) for mass in masses)
    return {
        "materialClass": classification(item)[2],
        "materialNameStandardized": {
            "referencedStandard": standard[0],
            "referencedStandardID": standard[1],
            "materialNameStandardizedValue": sayable(item),
        },
        "unitOfMeasure": {
            "unitOfMeasureKey": "unit:kilogram",
            "materialNetMass": net,
            "grossMaterialInputMass": gross,
        },
        "bioBased": {
            "bioBasedClass": "gen1",
            "primaryBioBased": {"percentageOfMaterialWeight": _percent(bio)},
            "secondaryBioBased": _recycled(0, mass_balanced=False),
        },
        "inorganic": {
            "primaryInorganic": {"percentageOfMaterialWeight": _percent(primary)},
            "secondaryInorganic": {
                "preConsumer": {"mechanicalRecycling": _recycled(told["pre_automotive"] + told["pre_other"])},
                "postConsumer": {
                    "mechanicalRecycling": _recycled(told["post_other"]),
                    "chemicalRecycling": _recycled(told["chemical"], mass_balanced=True),
                },
                "postConsumerAutomotive": {
                    "mechanicalRecycling": _recycled(told["post_automotive"]),
                    "chemicalRecycling": _recycled(0),
                },
            },
        },
    }


def _recycled(millionths: int, mass_balanced: bool = False) -> dict[str, Any]:
    return {"percentageOfMaterialWeight": _percent(millionths), "isMassBalanced": mass_balanced}


def _percent(millionths: int) -> Any:
    import orjson

    return orjson.Fragment(percent(millionths))
