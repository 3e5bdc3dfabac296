"""`cesim sweep export STUDY FILE`: all results of a sweep in one file for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cesim.errors import DONE, Fault, InputError, Place
from cesim.text import say

if TYPE_CHECKING:
    import argparse

EXPORT: Final = "export"
ENDINGS: Final = (".csv", ".parquet")
"""What a file may be, by the end of its name."""
_READ: Final = ("file", "json", "lang", "refused")


def export(options: argparse.Namespace) -> int:
    """Write the file; one that exists is never touched."""
    from cesim.sweep.store import open_study
    from cesim.sweep.store.exporting import export_csv, export_parquet

    if wrong := not_of_export(options):
        raise InputError(wrong)
    folder, target = (Path(one) for one in options.file[1:])
    study = open_study(folder)
    write = export_csv if target.suffix.lower() == ".csv" else export_parquet
    write(study, target)
    told = {"folder": str(folder), "file": str(target)}
    print(json.dumps(told, ensure_ascii=False) if options.json else say("cli.sweep.exported", options.lang, **told))
    return DONE


def not_of_export(options: argparse.Namespace) -> tuple[Fault, ...]:
    """Return what is wrong with the words and options that were given."""
    given = [name for name, value in vars(options).items() if name not in _READ and value]
    wrong = [Fault("sweep_option_of_export", arguments={"found": f"--{name.replace('_', '-')}"}) for name in given]
    if len(options.file) < 3:
        return (*wrong, Fault("missing_argument", arguments={"found": "STUDY FILE"}))
    wrong += [Fault("sweep_export_two_files", arguments={"found": one}) for one in options.file[3:]]
    return (*wrong, *_wrong_target(Path(options.file[2])))


def _wrong_target(target: Path) -> tuple[Fault, ...]:
    place = Place(str(target))
    if target.suffix.lower() not in ENDINGS:
        return (Fault("wrong_ending", place, {"found": target.suffix, "allowed": ", ".join(ENDINGS)}),)
    if target.exists():
        return (Fault("already_there", place, {"found": str(target)}),)
    return () if target.parent.is_dir() else (Fault("no_such_folder", Place(str(target.parent))),)
