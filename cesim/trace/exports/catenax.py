"""Catena-X aspects of a ledger: RecyclingBatch, RecyclingInformation and Material of material accounting 1.0.0.

One document a line. The models speak of batches and materials between two partners; what they have no field for is in
the account of losses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.trace.exports.catenax_shares import in_millionths, percent, source_shares
from cesim.trace.exports.catenax_words import (
    PROCESSES,
    ROLES,
    SHARE_WORDS,
    SHARES,
    UNRECORDED,
    WASTE_CODE,
    WASTE_CODES,
    classification,
)
from cesim.trace.exports.epcis_fields import document
from cesim.trace.exports.hearing import first_heard
from cesim.trace.exports.lot_names import SCHEMES
from cesim.trace.exports.numbers import UNTOLD_MG, instants, kilograms
from cesim.trace.exports.partners import partner_number, uuid_of
from cesim.trace.exports.texts import sayable
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.trace.entries import Edges, Sources
    from cesim.trace.exports.epcis_ledger import Ledger
    from cesim.trace.exports.lost import Lost

    Whole = NDArray[np.int64]

_SHIPPING: Final = STEPS.index("shipping")
_ASSET: Final = SCHEMES.index("giai")


def recycling_batches(ledger: Ledger, lost: Lost) -> Iterator[bytes]:
    """Yield a RecyclingBatch for every process that others see.

    An entry is left out where its actor has no role in the model, or the masses on one side are not told.
    """
    entries = ledger.entries
    goes_to = _next_holder(ledger)
    masses = [told_sums(side).tolist() for side in (entries.inputs, entries.sources, entries.outputs)]
    for n, step in enumerate(entries.step.tolist()):
        if STEPS[step] not in PROCESSES:
            lost.left_out["not_a_process"] += 1
        elif entries.inside[n]:
            lost.left_out["inside"] += 1
        elif _missing(ledger, n, lost, masses):
            continue
        else:
            into, gained, out = (mass[n] for mass in masses)
            yield _json(_batch(ledger, n, into + gained, out, goes_to))
            _count_filled(lost)


def _missing(ledger: Ledger, n: int, lost: Lost, masses: list[list[int]]) -> bool:
    """Count what keeps an entry from being a batch."""
    actor = int(ledger.entries.actor[n])
    if actor < 0 or ledger.entries.names.actors[actor].role not in ROLES:
        lost.left_out["role_unknown"] += 1
    elif UNTOLD_MG in (masses[0][n], masses[1][n], masses[2][n]):
        lost.left_out["mass_untold"] += 1
    elif masses[0][n] + masses[1][n] == 0 or (masses[2][n] == 0 and ledger.entries.step[n] != STEPS.index("disposal")):
        lost.left_out["one_side"] += 1
    else:
        return False
    return True


def _count_filled(lost: Lost) -> None:
    for name in ("container", "startTimestamp", "measurementType", "treatmentProcedure"):
        lost.filled[f"RecyclingBatch.{name}"] += 1


def _batch(ledger: Ledger, n: int, into: int, out: int, goes_to: Whole) -> dict[str, Any]:
    entries = ledger.entries
    actor, words = int(entries.actor[n]), PROCESSES[STEPS[int(entries.step[n])]]
    lots = entries.outputs.lot[int(entries.outputs.start[n]) : int(entries.outputs.start[n + 1])]
    takers = [int(taker) for taker in goes_to[lots] if taker >= 0]
    to = takers[0] if takers and entries.names.actors[takers[0]].role in ROLES else actor
    time, name = instants(ledger.first_year, entries.time_s[n : n + 1])[0], document("heat", n)
    return {
        "recyclingBatchId": name,
        "globalAssetId": f"urn:uuid:{uuid_of(ledger.name, 'batch', n)}",
        "sender": _actor(ledger, actor),
        "receiver": _actor(ledger, to),
        "operator": {"transferId": name, "bpnsProperty": partner_number(actor, "S")},
        "container": {
            "containerWeight": 0,
            "containerVolume": 1,
            "containerDescription": UNRECORDED,
            "containerTypeId": UNRECORDED,
        },
        "processInformation": {
            "processType": words.process,
            "treatmentProcedure": words.procedure,
            "mechanicalRecycling": words.procedure.startswith("R"),
            "chemicalRecycling": False,
        },
        "childProcessSteps": [
            {
                "childProcessType": words.child,
                "startTimestamp": time,
                "endTimestamp": time,
                "measurementTimestamp": time,
                "measurementType": UNRECORDED,
                "inputNetMass": _fragment(kilograms(into)),
                "outputNetMass": _fragment(kilograms(out)),
                "processLoss": _fragment(kilograms(int(entries.loss_mg[n]))),
                "lossType": words.loss,
                "weighingSlip": document("weighing slip", n),
            }
        ],
    }


def _actor(ledger: Ledger, actor: int) -> dict[str, str]:
    role = ledger.entries.names.actors[actor].role
    return {
        "actorNumber": partner_number(actor, "L"),
        "actorRole": ROLES[role],
        "bpnsProperty": partner_number(actor, "S"),
    }


def recycling_information(ledger: Ledger, lost: Lost) -> Iterator[bytes]:
    """Yield a RecyclingInformation for every lot of which others hear: its origin shares, percent.

    What is untold counts as primary material (EN 45557), and is counted in the account.
    """
    lots, told = _lots_heard(ledger)
    if ledger.shares is None:
        lost.left_out["shares_not_given"] += len(lots)
        return
    lost.left_out["origin_withheld"] += int((~told).sum())
    lots = lots[told]
    classes = ledger.entries.names.classes
    lost.folded["origins_unworded"] += _unworded(ledger, lots)
    for start in range(0, len(lots), 4096):
        some = lots[start : start + 4096]
        rows = in_millionths(ledger.shares[some], classes).tolist()
        for lot, row in zip(some.tolist(), rows, strict=True):
            lost.folded["origins_untold"] += row[SHARE_WORDS.index("untold")] > 0
            yield _json(_information(ledger, lot, row))


def _information(ledger: Ledger, lot: int, row: list[int]) -> dict[str, Any]:
    told = dict(zip(SHARE_WORDS, (_fragment(percent(one)) for one in row), strict=True))
    primary, secondary, reutilized = (_fragment(one) for one in source_shares(row))
    return {
        "globalAssetId": f"urn:uuid:{uuid_of(ledger.name, 'lot', lot)}",
        "origin": "Non-EU",
        "preConsumerShares": {"automotive": told["pre_automotive"], "nonAutomotive": told["pre_other"]},
        "postConsumerShares": {"automotive": told["post_automotive"], "nonAutomotive": told["post_other"]},
        "reutilizationMaterialShare": reutilized,
        "materialSourceShares": {"secondaryMaterial": secondary, "primaryMaterial": primary},
        "otherInformation": ledger.called.key(lot).urn(),
    }


def materials(ledger: Ledger, lost: Lost) -> Iterator[bytes]:
    """Yield a Material for every lot of which others hear: what it is of."""
    lots, _ = _lots_heard(ledger, lost)
    names, kind, item = ledger.entries.names, ledger.entries.lots.kind, ledger.entries.lots.item
    for lot in lots.tolist():
        words = (names.kinds[kind[lot]] if names.kinds else "", names.items[item[lot]] if names.items else "")
        for name in ("thermalCharacterization", "rangeOfUncertainty"):
            lost.filled[f"Material.{name}"] += 1
        lost.filled["Material.wasteCode"] += words[0] not in WASTE_CODES
        lost.filled["Material.materialClassification"] += classification(words[1])[0] == UNRECORDED
        yield _json(_material(ledger, lot, *words))


def _material(ledger: Ledger, lot: int, kind: str, item: str) -> dict[str, Any]:
    category, group, subgroup = classification(item)
    return {
        "globalAssetId": f"urn:uuid:{uuid_of(ledger.name, 'lot', lot)}",
        "materialStatus": sayable(kind) or UNRECORDED,
        "materialFormat": sayable(kind) or UNRECORDED,
        "physicalState": "liquid" if kind in ("melt", "molten") or item == "fluids" else "solid",
        "chemicalCharacterization": sayable(item) or UNRECORDED,
        "thermalCharacterization": UNRECORDED,
        "rangeOfUncertainty": UNRECORDED,
        "materialClassification": {
            "classificationStandard": "VDA 231-106",
            "materialCategory": category,
            "materialGroup": group,
            "materialSubgroup": subgroup,
        },
        "wasteCode": WASTE_CODES.get(kind, WASTE_CODE),
    }


def _lots_heard(ledger: Ledger, lost: Lost | None = None) -> tuple[Whole, NDArray[np.bool_]]:
    """Lots of which others hear, and whether their origin is told; a car, or what is left of it, is no material."""
    heard = first_heard(ledger.entries)
    goods = ledger.called.scheme[heard.lot] != _ASSET
    if lost is not None:
        lost.left_out["lots_inside"] += len(ledger.entries.lots) - len(heard.lot)
        lost.left_out["cars"] += int((~goods).sum())
    return heard.lot[goods], ledger.origin_told[heard.entry][goods]


def _next_holder(ledger: Ledger) -> Whole:
    """To whom each lot is first shipped; -1 for nobody."""
    entries = ledger.entries
    found = np.full(len(entries.lots), -1)
    entry = entries.inputs.entry()
    shipped = np.flatnonzero((entries.step[entry] == _SHIPPING) & (entries.partner[entry] >= 0))[::-1]
    found[entries.inputs.lot[shipped]] = entries.partner[entry[shipped]]  # the first is written last
    return found


def told_sums(side: Edges | Sources) -> Whole:
    """Return the mass on one side of each entry; `UNTOLD_MG` where one of its masses is not told."""
    start = np.asarray(side.start)
    untold, total = (np.concatenate([[0], np.cumsum(values)]) for values in (side.mass_mg == UNTOLD_MG, side.mass_mg))
    return np.where(untold[start[1:]] > untold[start[:-1]], UNTOLD_MG, total[start[1:]] - total[start[:-1]])


def _unworded(ledger: Ledger, lots: Whole) -> int:
    assert ledger.shares is not None
    columns = [n for n, name in enumerate(ledger.entries.names.classes) if name not in SHARES]
    return int((ledger.shares[lots][:, columns] > 0).any(axis=1).sum()) if columns else 0


def _fragment(number: str) -> Any:
    """A number as it stands, so that no digit is rounded away."""
    import orjson

    return orjson.Fragment(number)


def _json(document: dict[str, Any]) -> bytes:
    import orjson

    return orjson.dumps(document) + b"\n"
