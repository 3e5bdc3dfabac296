"""Small EPCIS documents written by hand, as a pilot's own systems would write them."""

from cesim.trace.genealogy.graph import recorded_genealogy
from cesim.trace.genealogy.passing import shares
from cesim.trace.imports.epcis import told_by_epcis
from cesim.trace.imports.renumbering import records_of
from cesim.trace.steps import STEPS

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
OURS = {"cesim": "https://cesim.example/terms/"}
DEALER, WORKS = "urn:epc:id:sgln:4012345.00001.0", "urn:epc:id:sgln:4012345.00002.0"


def lot(name, item="9"):
    return f"urn:epc:class:lgtin:4012345.{item}12345.{name}"


def kg(name, mass=None, uom="KGM", item="9"):
    return {"epcClass": lot(name, item)} | ({} if mass is None else {"quantity": mass, "uom": uom})


def event(kind="ObjectEvent", hour=0, at=WORKS, **told):
    day, rest = divmod(hour, 24)
    base = {
        "type": kind, "eventTime": f"2026-04-{1 + day:02}T{rest:02}:00:00+09:00", "eventTimeZoneOffset": "+09:00",
        "readPoint": {"id": at}, "bizLocation": {"id": at},
    }  # fmt: skip
    return base | told


def supply(name, mass, origin=None, hour=0, at=WORKS, **told):
    ilmd = {"ilmd": {"cesim:origin": origin}} if origin else {}
    return event(hour=hour, at=at, action="ADD", bizStep="commissioning", quantityList=[kg(name, mass)], **ilmd, **told)


def melt(inputs, outputs, hour=10, at=WORKS, **told):
    lists = {"inputQuantityList": [kg(*one) for one in inputs], "outputQuantityList": [kg(*one) for one in outputs]}
    return event("TransformationEvent", hour=hour, at=at, bizStep="commissioning", **(lists | told))


def hand(step, names, hour, at=WORKS, **told):
    return event(hour=hour, at=at, action="OBSERVE", bizStep=step, quantityList=[kg(*one) for one in names], **told)


def parties(giver, taker):
    return {
        "sourceList": [{"type": "possessing_party", "source": giver}],
        "destinationList": [{"type": "possessing_party", "destination": taker}],
    }


def document(*events, master=None):
    header = {"epcisHeader": {"epcisMasterData": {"vocabularyList": master}}} if master else {}
    return {
        "@context": [CONTEXT, OURS], "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-05-01T00:00:00Z", **header, "epcisBody": {"eventList": list(events)},
    }  # fmt: skip


def imported(*documents):
    return records_of(told_by_epcis([(f"{n}.json", one) for n, one in enumerate(documents)]))


def steps(records):
    return [STEPS[step] for step in records.entries.step]


def named(records, label):
    return records.entries.lots.label.index(label)


def origin_of(records, label):
    """What is proved of a lot: class -> share."""
    row = shares(recorded_genealogy(records))[named(records, label)]
    return {name: float(share) for name, share in zip(records.entries.names.classes, row, strict=True) if share}


def side(records, entry, name="inputs"):
    edges = getattr(records.entries, name)
    cut = slice(int(edges.start[entry]), int(edges.start[entry + 1]))
    labels = records.entries.lots.label
    return [(labels[n], mass) for n, mass in zip(edges.lot[cut].tolist(), edges.mass_mg[cut].tolist(), strict=True)]
