"""`cesim export SCENARIO --excel`: a scenario as a workbook that people can change and cesim reads back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cesim.errors import DONE, Fault, InputError, Place
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser
    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario

_ENDINGS = {"excel": ".xlsx", "yaml": ".yaml"}


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help=parser.word("file"))
    parser.add_argument("--excel", action="store_true", help=parser.word("export_excel"))
    parser.add_argument("--yaml", action="store_true", help=parser.word("export_yaml"))
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help=parser.word("set"))
    parser.add_argument("-o", "--out", metavar="FILE", help=parser.word("export_out"))


def run(options: argparse.Namespace) -> int:
    """Write the file; one that exists is never touched."""
    form = "yaml" if options.yaml else "excel"
    loaded, target = _asked(options, form)
    if form == "yaml":
        _write_text(target, loaded.resolved_text)
    else:
        from cesim.scenario.workbook.export import write_workbook

        write_workbook(target, loaded, options.lang)
    print(say(f"cli.export.{form}", options.lang, file=target))
    return DONE


def faults(options: argparse.Namespace) -> tuple[Fault, ...]:
    """Return what else is wrong, where the command line is."""
    try:
        _asked(options, "excel")
    except InputError as error:
        return error.faults
    return ()


def _asked(options: argparse.Namespace, form: str) -> tuple[Loaded[Scenario], Path]:
    """Return the scenario and the file to write; raises `InputError` with the faults of both."""
    from cesim.cli.reading import read_scenario

    loaded, found = read_scenario(options.file, options.set)
    ending = _ENDINGS[form]
    target = Path(f"{Path(options.file).stem}{ending}" if options.out is None else options.out)
    found = (*found, *_wrong_target(options, target, ending))
    if loaded is None or found:
        raise InputError(found)
    return loaded, target


def _wrong_target(options: argparse.Namespace, target: Path, ending: str) -> tuple[Fault, ...]:
    place = Place(str(target))
    if options.excel and options.yaml:
        return (Fault("options_exclude", arguments={"found": "--excel", "other": "--yaml"}),)
    if target.suffix.lower() != ending:
        return (Fault("wrong_ending", place, {"found": target.suffix, "allowed": ending}),)
    if target.exists():
        return (Fault("already_there", place, {"found": str(target)}),)
    if not target.parent.is_dir():
        return (Fault("no_such_folder", Place(str(target.parent))),)
    return ()


def _write_text(target: Path, text: str) -> None:
    try:
        with target.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Fault("cannot_write", Place(str(target)), {"found": reason})]) from None
