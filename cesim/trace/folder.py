"""A ledger as a folder of Parquet tables: entries and their lots, and, for records, when each was written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.trace.entries import Actor, Edges, Entries, Lots, Names, Sources
from cesim.trace.records import DECLARATIONS, Records
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

NAMES: Final = "names.json"
TABLES: Final = ("lot", "entry", "input", "output", "source")
"""Tables of every ledger; one of records has `written` beside them, and `planted` where its faults are known."""


def save_entries(folder: Path, entries: Entries) -> None:
    """Write the tables of a ledger into a folder that is there."""
    names, lots = entries.names, entries.lots
    actors = [actor.name for actor in names.actors]
    _write(folder, "lot", {
        "lot": np.arange(len(lots)), "kind": _coded(lots.kind, names.kinds), "item": _coded(lots.item, names.items),
        "mass_mg": lots.mass_mg, **({} if lots.label is None else {"label": list(lots.label)}),
    })  # fmt: skip
    _write(folder, "entry", {
        "entry": np.arange(len(entries)), "step": _coded(entries.step, STEPS), "actor": _coded(entries.actor, actors),
        "partner": _coded(entries.partner, actors), "time_s": entries.time_s, "loss_mg": entries.loss_mg,
        "relabel": _coded(entries.relabel, names.classes), "inside": entries.inside,
    })  # fmt: skip
    for name, edges in (("input", entries.inputs), ("output", entries.outputs)):
        _write(folder, name, {"entry": edges.entry(), "lot": edges.lot, "mass_mg": edges.mass_mg})
    sources = entries.sources
    of = np.repeat(np.arange(len(entries)), np.diff(sources.start))
    _write(folder, "source", {
        "entry": of, "origin": _coded(sources.origin, names.classes), "mass_mg": sources.mass_mg,
    })  # fmt: skip
    told = {
        "actors": [{"name": one.name, "role": one.role, "place": one.place} for one in names.actors],
        "kinds": list(names.kinds), "items": list(names.items), "classes": list(names.classes),
    }  # fmt: skip
    (folder / NAMES).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def save_records(folder: Path, records: Records) -> None:
    """Write a ledger of records; what is wrong with them goes to a table of its own."""
    save_entries(folder, records.entries)
    of = np.arange(len(records))
    said = {} if records.said_s is None else {"said_s": records.said_s}
    _write(folder, "written", {
        "entry": of, "written_s": records.written_s, "declared": _coded(records.declared, DECLARATIONS), **said,
    })  # fmt: skip
    if (records.event >= 0).any():
        _write(folder, "planted", {"entry": of, "event": records.event, "fault": records.fault})


def open_entries(folder: Path) -> Entries:
    """Read the tables of a ledger.

    Raises
    ------
    InputError
        ``ledger_missing`` where one is not there, ``ledger_broken`` where it cannot be read or does not fit.
    """
    names = _names(folder)
    lot, entry, ins, outs, source = (_read(folder, name) for name in TABLES)
    count = len(entry["entry"])
    actors = [actor.name for actor in names.actors]
    try:
        lots = Lots(
            _number(lot["kind"], names.kinds), _number(lot["item"], names.items), lot["mass_mg"], lot.get("label")
        )
        found = Entries(
            names, lots, _number(entry["step"], STEPS), _number(entry["actor"], actors),
            _number(entry["partner"], actors), entry["time_s"], _edges(ins, count, len(lots)),
            _edges(outs, count, len(lots)),
            Sources(_starts(source["entry"], count), _number(source["origin"], names.classes), source["mass_mg"]),
            entry["loss_mg"], _number(entry["relabel"], names.classes), entry["inside"],
        )  # fmt: skip
    except (KeyError, ValueError, TypeError) as error:
        raise _broken(folder, str(error)) from error
    return found


def open_records(folder: Path) -> Records:
    """Read a ledger of records; see `open_entries`."""
    entries = open_entries(folder)
    written = _read(folder, "written")
    planted = _read(folder, "planted") if (folder / "planted.parquet").is_file() else {}
    nothing = np.zeros(len(entries), dtype=np.int64)
    try:
        return Records(
            entries, planted.get("event", nothing - 1), written["written_s"],
            _number(written["declared"], DECLARATIONS), planted.get("fault", nothing), written.get("said_s"),
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise _broken(folder, str(error)) from error


def _names(folder: Path) -> Names:
    try:
        told = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        actors = tuple(Actor(str(one["name"]), str(one["role"]), str(one["place"])) for one in told["actors"])
        words = (tuple(str(word) for word in told[name]) for name in ("kinds", "items", "classes"))
        return Names(actors, *words)
    except FileNotFoundError as error:
        raise InputError([Fault("ledger_missing", Place(str(folder)), {"found": NAMES})]) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _broken(folder / NAMES, str(error)) from error


def _broken(folder: Path, problem: str) -> InputError:
    return InputError([Fault("ledger_broken", Place(str(folder)), {"found": problem})])


def _coded(codes: Whole, words: Sequence[str]) -> Any:
    """Return numbers of words as the words themselves, -1 as empty."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32(), mask=np.asarray(codes) < 0), pa.array(words))


def _write(folder: Path, name: str, columns: Mapping[str, Any]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(dict(columns)), folder / f"{name}.parquet", compression="zstd")


def _read(folder: Path, name: str) -> dict[str, Any]:
    """Return the columns of a table: whole numbers, truths, words or coded words."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise InputError([Fault("ledger_missing", Place(str(folder)), {"found": f"{name}.parquet"})])
    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _broken(path, str(error).splitlines()[0]) from error
    out: dict[str, Any] = {}
    for column in table.column_names:
        values = table[column].combine_chunks()
        if pa.types.is_dictionary(values.type):
            out[column] = values
        elif pa.types.is_string(values.type):
            out[column] = tuple(values.to_pylist())
        elif values.null_count:
            raise _broken(path, f"{column}: empty")
        else:
            out[column] = values.to_numpy(zero_copy_only=False)
    return out


def _number(coded: Any, words: Sequence[str]) -> Whole:
    """Return words as their numbers, empty as -1."""
    texts = coded.dictionary.to_pylist()
    if missing := [text for text in texts if text not in words]:
        raise ValueError(f"{missing[0]!r}")
    place = {word: number for number, word in enumerate(words)}
    codes = np.array([*(place[text] for text in texts), -1], dtype=np.int64)
    return np.asarray(codes[coded.indices.fill_null(len(texts)).to_numpy()])


def _starts(entry: Whole, count: int) -> Whole:
    if len(entry) and (np.diff(entry).min(initial=0) < 0 or entry[0] < 0 or entry[-1] >= count):
        raise ValueError("entry")
    return np.searchsorted(entry, np.arange(count + 1)).astype(np.int64)


def _edges(columns: Mapping[str, Whole], count: int, lots: int) -> Edges:
    lot = columns["lot"]
    if len(lot) and (lot.min() < -1 or lot.max() >= lots):
        raise ValueError("lot")
    return Edges(_starts(columns["entry"], count), lot, columns["mass_mg"])
