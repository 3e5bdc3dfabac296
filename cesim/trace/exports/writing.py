"""Writes a ledger in the format of another system: all of it or nothing, with the account of what is lost beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place
from cesim.ledger.staging import staged
from cesim.text import nearest
from cesim.trace.exports import catenax, catenax_content
from cesim.trace.exports.epcis import write_epcis
from cesim.trace.exports.lost import Lost
from cesim.trace.exports.ouranos import Ouranos

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from cesim.trace.exports.epcis_ledger import Ledger

ACCOUNT: Final = "export.json"
"""What was written, and what was lost; the mark of a folder that may be replaced."""
EVENTS_A_DOCUMENT: Final = 200_000
"""Most entries of an EPCIS document: about 190 MB, less than what is read again at once."""


@dataclass(frozen=True)
class Exported:
    """What an export has written.

    Attributes
    ----------
    counts
        Documents or events by kind.
    lost
        What the format has no place for.
    files
        In the order in which they were written; the last is the account.
    """

    counts: dict[str, int]
    lost: Lost
    files: tuple[Path, ...]


def export(
    name: str,
    ledger: Ledger,
    folder: Path,
    footprint: NDArray[np.float64] | None = None,
    entries_a_document: int = EVENTS_A_DOCUMENT,
) -> Exported:
    """Write a ledger to a folder; it appears when all is written.

    Parameters
    ----------
    name
        One of `FORMATS`.
    ledger
        See `cesim.trace.exports.epcis_ledger.ledger_of`.
    folder
        Made if it is not there; one that an export of the same format has made is replaced.
    footprint : (lot,), optional
        kg CO2e a kg of each lot, below zero where it is not known (Ouranos).
    entries_a_document
        An EPCIS document has no more entries than that.

    Raises
    ------
    InputError
        ``export_unknown``; ``export_folder_in_use`` where something else stands in the folder; ``cannot_write_folder``;
        ``export_shares`` for footprints that are not one number a lot.
    """
    if name not in FORMATS:
        among = {"found": name[:80], "allowed": list(FORMATS), "nearest": nearest(name, FORMATS)}
        raise InputError([Fault("export_unknown", arguments=among)])
    try:
        require_free(folder, name)
        return _staged(name, ledger, folder, footprint, entries_a_document)
    except OSError as error:  # it names the staging folder, which nobody asked for
        found = error.strerror or str(error)
        raise InputError([Fault("cannot_write_folder", Place(str(folder)), {"found": found})]) from error


def _staged(
    name: str, ledger: Ledger, folder: Path, footprint: NDArray[np.float64] | None, entries_a_document: int
) -> Exported:
    with staged(folder) as staging:
        lost = Lost()
        counts = FORMATS[name](_Task(ledger, staging, lost, footprint, entries_a_document))
        files = sorted(path.name for path in staging.iterdir())
        _account(staging / ACCOUNT, name, ledger.name, counts, lost)
    return Exported(counts, lost, tuple(folder / file for file in (*files, ACCOUNT)))


@dataclass(frozen=True)
class _Task:
    """What is written where, and how."""

    ledger: Ledger
    folder: Path
    lost: Lost
    footprint: NDArray[np.float64] | None
    most: int


def _epcis(task: _Task) -> dict[str, int]:
    ledger, most = task.ledger, task.most
    counts = {"documents": 0, "events": 0}
    for number, first in enumerate(range(0, max(1, len(ledger.entries)), most)):
        with (task.folder / f"epcis-{number:06}.jsonld").open("wb") as file:
            written = write_epcis(ledger, file, first, min(first + most, len(ledger.entries)))
        counts["documents"] += 1
        counts["events"] += written.events
        task.lost.left_out["inside"] += written.inside
    return counts


def _catenax(task: _Task) -> dict[str, int]:
    aspects = {
        "RecyclingBatch": catenax.recycling_batches,
        "RecyclingInformation": catenax.recycling_information,
        "Material": catenax.materials,
        "SecondaryMaterialContentVerifiable": catenax_content.secondary_contents,
    }
    return {
        name: _lines(task.folder / f"{name}.jsonl", aspect(task.ledger, task.lost)) for name, aspect in aspects.items()
    }


def _ouranos(task: _Task) -> dict[str, int]:
    objects = Ouranos(task.ledger, task.lost, task.footprint)
    kinds = {
        "operator": objects.operators(),
        "plant": objects.plants(),
        "parts": objects.all_parts(),
        "partsStructure": objects.structures(),
        "tradeRequest": objects.trades(),
        "cfp": objects.footprints(),
    }
    return {name: _lines(task.folder / f"{name}.jsonl", map(_json, of)) for name, of in kinds.items()}


FORMATS: Final[dict[str, Callable[[_Task], dict[str, int]]]] = {
    "epcis": _epcis,
    "catenax": _catenax,
    "ouranos": _ouranos,
}
"""Formats by name."""


def _lines(path: Path, documents: Iterable[bytes]) -> int:
    count = 0
    with path.open("wb") as file:
        for document in documents:
            file.write(document)
            count += 1
    return count


def _json(document: dict[str, Any]) -> bytes:
    import orjson

    return orjson.dumps(document) + b"\n"


def _account(path: Path, name: str, ledger: str, counts: dict[str, int], lost: Lost) -> None:
    import orjson

    told = {"format": name, "ledger": ledger, "counts": counts, "lost": lost.as_data()}
    path.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")


def require_free(folder: Path, name: str) -> None:
    """Refuse a folder that no export of this format has made (``export_folder_in_use``)."""
    import orjson

    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        about = orjson.loads((folder / ACCOUNT).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        about = None
    if not isinstance(about, dict) or about.get("format") != name:
        raise InputError([Fault("export_folder_in_use", Place(str(folder)), {"found": str(folder)})])
