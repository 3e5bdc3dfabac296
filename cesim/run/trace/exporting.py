"""A trace in the formats of other systems, and as logs that show whether anybody has changed them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.errors import Fault, InputError
from cesim.ledger.staging import staged
from cesim.run.folder import check_can_be_folder
from cesim.text import nearest
from cesim.trace.exports.epcis import strips
from cesim.trace.exports.epcis_fields import OWN_PREFIX
from cesim.trace.exports.epcis_ledger import ledger_of
from cesim.trace.exports.writing import ACCOUNT, FORMATS, export, require_free
from cesim.trace.steps import HANDOVERS

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.run.trace.tracing import Tracing
    from cesim.trace.exports.epcis_ledger import Ledger
    from cesim.trace.integrity.keys import SigningKey
    from cesim.trace.integrity.log import EventLog
    from cesim.trace.integrity.log_lines import Entry

LOG: Final = "log"
"""One log an actor: events in a chain of hashes, a root a month, signed with keys of the simulation."""
ALL: Final = (*FORMATS, LOG)
_MONTH: Final = len("2035-01")


@dataclass(frozen=True)
class Written:
    """What was written: how many of each kind, what the format has no place for, and where."""

    counts: dict[str, int]
    lost: dict[str, Any]
    folder: Path


def export_trace(
    tracing: Tracing, name: str, folder: Path, *, seed: int = 0, key: Path | None = None, hashes: bool = False
) -> Written:
    """Write the records of a trace in a format.

    Parameters
    ----------
    name
        One of `ALL`.
    folder
        Appears when all is written.
    seed
        Of the keys with which logs of a simulation are signed.
    key
        File of a private key with which all logs are signed instead.
    hashes
        Whether events of EPCIS documents are named by the hash of what they say.

    Raises
    ------
    InputError
        ``export_unknown``, ``export_folder_in_use``, ``cannot_write_folder``.
    """
    if name not in ALL:
        among = {"found": name[:80], "allowed": list(ALL), "nearest": nearest(name, ALL)}
        raise InputError([Fault("export_unknown", arguments=among)])
    check_can_be_folder(folder)
    shares = np.clip(tracing.provable, 0.0, 1.0)
    ids = "hash" if hashes else "uuid"
    ledger = ledger_of(tracing.records, int(tracing.about["first_year"]), shares, ids=ids)
    if name == LOG:
        return _logs(tracing, ledger, folder, _keys(tracing, seed, key))
    found = export(name, ledger, folder)
    return Written(found.counts, found.lost.as_data(), folder)


def _keys(tracing: Tracing, seed: int, key: Path | None) -> list[SigningKey]:
    """Return a key for each actor; none for real records where no key is given."""
    from cesim.trace.integrity.keys import read_key, simulation_key

    actors = tracing.records.entries.names.actors
    if key is not None:
        return [read_key(key)] * len(actors)
    return [simulation_key(seed, actor.name) for actor in actors] if tracing.truth is not None else []


def _logs(tracing: Tracing, ledger: Ledger, folder: Path, keys: list[SigningKey]) -> Written:
    """Write the logs of all actors side by side, in the order of what they speak of."""
    require_free(folder, LOG)
    with staged(folder) as staging:
        counts = _Logs(tracing, ledger, staging, keys).written()
        told = {"format": LOG, "counts": counts}
        (staging / ACCOUNT).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return Written(counts, {}, folder)


class _Logs:
    """The logs of all actors, while they are being written."""

    def __init__(self, tracing: Tracing, ledger: Ledger, folder: Path, keys: list[SigningKey]) -> None:
        from cesim.trace.integrity.log import EventLog

        self.entries, self.ledger = tracing.records.entries, ledger
        names, self.keys = self.entries.names.actors, keys
        self.logs = [
            EventLog(folder / f"{number:03}.jsonl", actor.name, OWN_PREFIX) for number, actor in enumerate(names)
        ]
        self.months = [""] * len(names)
        self.given: dict[int, tuple[int, Entry]] = {}
        """By lot: who shipped it, and the entry of that."""
        self.anchors = self.roots = self.events = 0

    def written(self) -> dict[str, int]:
        """Write everything and return how many events, anchors and roots there are."""
        import orjson

        outside = np.flatnonzero(~self.entries.inside)
        at = 0
        for strip in strips(self.ledger):
            for text in strip:
                event = orjson.loads(text)
                if "errorDeclaration" not in event:
                    self._log(int(outside[at]), event)
                    at += 1
        for number, log in enumerate(self.logs):
            if self.months[number]:
                self._close(number, log)
            log.close()
        return {"logs": len(self.logs), "events": self.events, "anchors": self.anchors, "roots": self.roots}

    def _log(self, entry: int, event: dict[str, Any]) -> None:
        """Log an event with its actor; shipper and receiver of a lot hold each other's."""
        entries = self.entries
        number = int(entries.actor[entry])
        log, month = self.logs[number], event["eventTime"][:_MONTH]
        if month != self.months[number]:
            if self.months[number]:
                self._close(number, log)
            self.months[number] = month
        logged = log.append(event, event.get("recordTime", event["eventTime"]))
        self.events += 1
        start, end = entries.inputs.start[entry], entries.inputs.start[entry + 1]
        if end == start or entries.step[entry] not in HANDOVERS:
            return
        lot = int(entries.inputs.lot[start])
        giver = self.given.get(lot)
        if entries.step[entry] == HANDOVERS[0]:
            self.given[lot] = number, logged
        elif giver is not None and giver[0] != number:
            log.anchor(self.logs[giver[0]].actor, giver[1], logged)
            self.logs[giver[0]].anchor(log.actor, logged, giver[1])
            self.anchors += 2

    def _close(self, number: int, log: EventLog) -> None:
        log.close_period(self.months[number], self.keys[number] if self.keys else None)
        self.roots += 1
