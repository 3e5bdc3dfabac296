"""A pilot's own data as a trace: files are read, become a ledger of records, and are judged like those of a run."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cesim
from cesim.errors import Fault, InputError, Place
from cesim.run.trace.over import JUDGED_BY
from cesim.run.trace.reporting import asked_of
from cesim.run.trace.sheets import DOCUMENT, kind_of, tables_of
from cesim.run.trace.tracing import Tracing
from cesim.scenario import open_scenario
from cesim.trace.imports.epcis import told_by_epcis
from cesim.trace.imports.renumbering import records_of
from cesim.trace.imports.tables import told_by_tables
from cesim.trace.standards import LARGEST, read_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cesim.run.trace.reporting import Asked
    from cesim.trace.imports.renumbering import Imported
    from cesim.trace.imports.said import Told

IMPORTED: Final = "import"
"""What `about` says of where such records come from."""


def imported(
    paths: Sequence[str | Path],
    *,
    policy: str | Path | None = None,
    overrides: Mapping[str, object] | None = None,
    largest: int = LARGEST,
) -> Tracing:
    """Return the records of files as a trace whose truth nobody knows.

    All files are read before anything is put together, and nothing is written: of a file that is refused nothing
    remains.

    Parameters
    ----------
    paths
        EPCIS 2.0 documents (JSON, JSON-LD), workbooks and CSV files; all speak of one ledger.
    policy, overrides
        Scenario by whose section `reporting` the records are judged, and what is laid over it.
    largest
        Bytes allowed of a file.

    Raises
    ------
    InputError
        With the place and the reason, for what cannot be read, violates the standard, or cannot be a ledger.
    """
    files = [Path(path) for path in paths]
    real = [os.path.realpath(file) for file in files]
    if len(set(real)) < len(files):
        twice = next(file for n, file in enumerate(files) if real[n] in real[:n])
        raise InputError([Fault("import_file_twice", Place(str(twice)))])
    documents, tables, about = [], [], []
    for file in files:
        data = _bytes(file, largest)
        about.append({"name": file.name, "bytes": len(data), "sha256": sha256(data).hexdigest()})
        if kind_of(file, data) == DOCUMENT:
            documents.append((str(file), read_document(data, file=str(file), largest=largest)))
        else:
            tables += tables_of(file, data)
    parts = [told_by_epcis(documents)] if documents else []
    parts += [told_by_tables(tables)] if tables else []
    if not parts:
        raise InputError([Fault("import_nothing", Place(str(files[0]) if files else None))])
    found = records_of(_together(parts))
    judged = asked_of(open_scenario(policy or JUDGED_BY, overrides).scenario, found.first_year)
    return Tracing(_about(found, about, judged), found.records, None)


def _bytes(file: Path, largest: int) -> bytes:
    """Return what a file holds; of a larger one than allowed no more than the limit is ever read."""
    place = Place(str(file))
    try:
        if file.is_dir():
            raise InputError([Fault("json_is_folder", place)])
        if file.exists() and not file.is_file():
            raise InputError([Fault("no_plain_file", place)])
        with file.open("rb") as stream:
            data = stream.read(largest + 1)
    except FileNotFoundError:
        raise InputError([Fault("no_such_file", place)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Fault("cannot_read", place, {"found": reason})]) from None
    if len(data) > largest:
        raise InputError([Fault("file_too_large", place, {"allowed": f"{largest:,} B"})])
    return data


def _together(parts: Sequence[Told]) -> Told:
    """Return what documents and tables tell as one: lots and actors of one name are the same."""
    whole = parts[0]
    for one in parts[1:]:
        whole.said += one.said
        whole.lots = {**one.lots, **whole.lots}
        whole.actors = {**one.actors, **whole.actors}
        whole.classes = tuple(dict.fromkeys((*whole.classes, *one.classes)))
        whole.remarks.add(one.remarks)
    return whole


def _about(found: Imported, files: list[dict[str, Any]], judged: Asked) -> dict[str, Any]:
    """Return what is said of a trace, under the names that one over a run has; files and remarks beside them."""
    name = ", ".join(file["name"] for file in files)
    whole = sha256("".join(file["sha256"] for file in files).encode()).hexdigest()
    return {
        "kind": "trace",
        "cesim": cesim.__version__,
        "made": IMPORTED,
        "first_year": found.first_year,
        "run": {
            "scenario": {"ja": name, "en": name}, "hash": whole,
            "asked": {"first": found.first_year, "last": found.first_year}, "focus": {"ja": "", "en": ""},
        },
        "region_names": {},
        "policy": "",
        "habits": {},
        "desk": {},
        "judging": dict(judged.judging),
        "seed": 0,
        "files": files,
        "remarks": [remark.as_data() for remark in found.remarks],
    }  # fmt: skip
