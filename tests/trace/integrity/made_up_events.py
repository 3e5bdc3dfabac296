"""Made-up events of every shape that the simulator writes, by a seed; and other spellings of the same event."""

from __future__ import annotations

import random
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone

PREFIXES = {
    "cesim": "https://cesim.example/terms/",
    "gs1": "https://gs1.org/voc/",
    "cbv": "https://ref.gs1.org/cbv/",
    "cbvmda": "urn:epcglobal:cbv:mda:",
}
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", PREFIXES]
STEPS = (
    *("collecting", "disassembling", "sampling", "inspecting", "packing", "shipping", "receiving", "commissioning"),
    *("installing", "storing", "destroying", "accepting", "https://cesim.example/terms/shredding", "cesim:sorting"),
    "urn:epcglobal:cbv:bizstep:loading",
)
DISPOSITIONS = ("returned", "in_progress", "conformant", "non_conformant", "in_transit", "active", "disposed")
SIGNS = "ABCXYZabcxyz0123456789-_.;"
UNORDERED = frozenset({
    "epcList", "inputEPCList", "outputEPCList", "childEPCs", "quantityList", "childQuantityList", "inputQuantityList",
    "outputQuantityList", "bizTransactionList", "sourceList", "destinationList", "sensorElementList", "sensorReport",
    "set", "unset", "correctiveEventIDs",
})  # fmt: skip
TIMES = frozenset({"eventTime", "recordTime", "declarationTime", "time", "startTime", "endTime"})


class Made:
    """Events one after the other, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def digits(self, count):
        return "".join(self.random.choice("0123456789") for _ in range(count))

    def serial(self, most=12):
        return "".join(self.random.choice(SIGNS) for _ in range(self.random.randint(1, most)))

    def some(self, make, least=0, most=4):
        return [make() for _ in range(self.random.randint(least, most))]

    def chance(self, share=0.5):
        return self.random.random() < share

    def time(self):
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.random.randint(0, 10**15))
        moment = moment.replace(microsecond=min(moment.microsecond, 999_499))  # the reference loses later ones
        zone = timezone(timedelta(minutes=self.random.choice((0, 540, -360, 330, 60))))
        text = moment.astimezone(zone).isoformat(
            timespec=self.random.choice(("seconds", "milliseconds", "microseconds"))
        )
        return text.replace("+00:00", "Z") if self.chance() else text

    def vehicle(self):
        return f"urn:epc:id:giai:9521234.{self.serial()}"

    def thing(self):
        return self.random.choice((
            f"urn:epc:id:sgtin:9521234.{self.digits(6)}.{self.serial()}",
            f"urn:epc:id:sscc:9521234.{self.digits(10)}",
            f"urn:epc:id:grai:9521234.{self.digits(5)}.{self.serial()}",
            f"https://id.example.com/01/{self.digits(14)}/21/{self.serial()}?linkType=gs1:pip",
            f"https://id.gs1.org/8004/9521234{self.serial()}",
            self.vehicle(),
        ))  # fmt: skip

    def lot(self):
        return self.random.choice((
            f"urn:epc:class:lgtin:9521234.{self.digits(6)}.{self.serial()}",
            f"https://id.gs1.org/01/{self.digits(14)}/10/{self.serial()}",
            f"urn:epc:idpat:sgtin:9521234.{self.digits(6)}.*",
        ))  # fmt: skip

    def number(self):
        return self.random.choice((
            self.random.randint(0, 10**6),
            round(self.random.uniform(0, 10**4), 3),
            float(self.random.randint(0, 999)),
            self.random.uniform(1e-9, 1e-3),
        ))  # fmt: skip

    def quantity(self):
        element = {"epcClass": self.lot()}
        if self.chance(0.9):
            element |= {"quantity": self.number(), "uom": "KGM"}
        return element

    def place(self):
        where = {"id": f"urn:epc:id:sgln:9521234.{self.digits(5)}.{self.random.choice(('0', '12'))}"}
        return where | ({"cesim:gate": f"gate {self.serial()}"} if self.chance(0.2) else {})

    def transaction(self):
        kind = self.random.choice(("cert", "desadv", "recadv", "testres", "https://cesim.example/terms/BTT-manifest"))
        document = self.random.choice((f"urn:epc:id:gdti:9521234.{self.digits(5)}.{self.digits(6)}", "urn:uuid:7"))
        return {"type": kind, "bizTransaction": document}

    def party(self, side):
        kind = self.random.choice(("owning_party", "possessing_party", "location"))
        return {"type": kind, side: f"urn:epc:id:pgln:9521234.{self.digits(5)}"}

    def report(self):
        report = {"type": self.random.choice(("Mass", "gs1:MassConcentration", "Temperature")), "value": self.number()}
        for name in ("minValue", "maxValue", "sDev"):
            if self.chance(0.3):
                report[name] = self.number()
        if self.chance(0.3):
            report["time"] = self.time()
        if self.chance(0.3):
            report["cesim:method"] = "LIBS"
        if self.chance(0.3):
            report["component"] = self.random.choice(("cbv:Comp-x", "latitude"))
        if self.chance(0.2):
            report["booleanValue"] = self.chance()
        return report | {"uom": "KGM"}

    def sensor(self):
        element = {"sensorReport": self.some(self.report, 1)}
        if self.chance(0.8):
            element["sensorMetadata"] = {"time": self.time(), "deviceID": self.vehicle()}
            if self.chance(0.3):
                element["sensorMetadata"] |= {"bizRules": f"https://id.gs1.org/253/{self.digits(13)}99", "cesim:n": 3}
        return element

    def extension(self, depth=0):
        kind = self.random.randrange(7 if depth < 3 else 5)
        if kind == 5:
            return {f"cesim:{self.random.choice('abcdef')}": self.extension(depth + 1) for _ in range(3)}
        if kind == 6:
            return [self.extension(depth + 1) for _ in range(self.random.randint(0, 3))]
        return (f"text {self.serial()}", self.number(), "0.50", self.chance(), f" {self.lot()} ")[kind]

    def master_data(self):
        data = {
            "cbvmda:lotNumber": f"lot {self.serial()}",
            "cesim:composition_ppm": {"cesim:Si": 8000, "cesim:Fe": 3500},
        }
        data["cesim:shareList"] = [{"cesim:origin": "post", "cesim:share": 0.25}, {"cesim:origin": "pre"}]
        return data | {"cesim:other": self.extension()}

    def event(self):
        kind = self.random.choice(("Object", "Aggregation", "Transaction", "Transformation", "Association"))
        event = {"type": f"{kind}Event", "eventTime": self.time(), "eventTimeZoneOffset": "+09:00"}
        getattr(self, f"_{kind.lower()}")(event)
        event["bizStep"] = self.random.choice(STEPS)
        self._common(event)
        keys = list(event)
        self.random.shuffle(keys)
        return {key: event[key] for key in keys}

    def _object(self, event):
        event |= {"action": self.random.choice(("ADD", "OBSERVE", "DELETE")), "epcList": self.some(self.thing)}
        event["quantityList"] = self.some(self.quantity)
        if self.chance(0.4):
            event["ilmd"] = self.master_data()

    def _aggregation(self, event):
        event |= {"action": "ADD", "parentID": self.thing(), "childEPCs": self.some(self.thing)}
        event["childQuantityList"] = self.some(self.quantity)

    _association = _aggregation

    def _transaction(self, event):
        event |= {"action": "ADD", "parentID": self.thing(), "epcList": self.some(self.thing)}
        event |= {"quantityList": self.some(self.quantity), "bizTransactionList": self.some(self.transaction, 1)}

    def _transformation(self, event):
        event |= {"inputEPCList": self.some(self.thing), "inputQuantityList": self.some(self.quantity)}
        event |= {"outputEPCList": self.some(self.thing), "outputQuantityList": self.some(self.quantity)}
        event["transformationID"] = f"urn:epc:id:gdti:9521234.{self.digits(5)}.{self.digits(4)}"
        if self.chance():
            event["ilmd"] = self.master_data()

    def _common(self, event):
        options = {
            "disposition": lambda: self.random.choice(DISPOSITIONS),
            "persistentDisposition": lambda: {"set": ["completeness_verified"], "unset": ["completeness_inferred"]},
            "readPoint": self.place,
            "bizLocation": self.place,
            "bizTransactionList": lambda: self.some(self.transaction, 1),
            "sourceList": lambda: self.some(lambda: self.party("source"), 1),
            "destinationList": lambda: self.some(lambda: self.party("destination"), 1),
            "sensorElementList": lambda: self.some(self.sensor, 1, 2),
            "certificationInfo": lambda: "https://certifier.example.org/abc",
            "recordTime": self.time,
            "eventID": lambda: f"urn:uuid:{self.digits(8)}",
            "errorDeclaration": lambda: {"declarationTime": self.time(), "reason": "incorrect_data"},
            "cesim:declaredLoss_kg": self.number,
            "cesim:note": self.extension,
        }
        for name, make in options.items():
            if self.chance(0.35):
                event[name] = make()


def respelt(event, seed):
    """The same event, keys and lists without an order shuffled, times in other zones, numbers written otherwise."""
    draw = random.Random(seed)

    def again(value, name, inside):
        if isinstance(value, dict):
            pairs = [(key, again(one, key, inside or ":" in key or key == "ilmd")) for key, one in value.items()]
            draw.shuffle(pairs)
            return dict(pairs)
        if isinstance(value, list):
            members = [again(one, "", inside) for one in value]
            if name in UNORDERED and not inside:
                draw.shuffle(members)
            return members
        if name in TIMES and not inside:
            return other_zone(value, draw)
        if type(value) is int and draw.random() < 0.5:
            return float(value)
        return value

    return again(event, "", False)


def other_zone(text, draw):
    moment = datetime.fromisoformat(text)
    zone = timezone(timedelta(minutes=draw.randint(-14 * 60, 14 * 60)))
    spelt = moment.astimezone(zone).isoformat(timespec="auto" if draw.random() < 0.5 else "microseconds")
    return spelt.replace("+00:00", "Z")


def document(events):
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-04-01T00:00:00Z",
        "epcisBody": {"eventList": events},
    }


def leaves(value, way=()):
    """Every value of an event, and the way to it."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*way, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from leaves(one, (*way, number))
    else:
        yield way, value


def put(event, way, value):
    changed = deepcopy(event)
    inside = changed
    for step in way[:-1]:
        inside = inside[step]
    inside[way[-1]] = value
    return changed


def deep(levels):
    value = 1
    for _ in range(levels):
        value = {"ex:a": value}
    return value


def deep_list(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value
