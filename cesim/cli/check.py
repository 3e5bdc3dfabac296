"""`cesim check FILE...`: everything that is wrong with scenario files, at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cesim.cli.faults import as_data, once, remark, show
from cesim.cli.reading import read_scenario
from cesim.errors import DONE, WRONG_INPUT
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser
    from cesim.errors import Fault


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", nargs="+", metavar="FILE", help=parser.word("files"))
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help=parser.word("set"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))


def run(options: argparse.Namespace) -> int:
    """Check each file; a parent with a fault is told once."""
    read = {file: read_scenario(file, options.set) for file in options.file}
    found = {file: faults for file, (_, faults) in read.items()}
    remarks = once(loaded.remarks for loaded, faults in read.values() if loaded is not None and not faults)
    if options.json:
        files = [
            {"file": file, "ok": not faults, "faults": as_data(faults, options.lang)} for file, faults in found.items()
        ]
        told = {"files": files, "remarks": as_data(remarks, options.lang)}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(found, options)
        remark(remarks, options.lang)
    return WRONG_INPUT if any(found.values()) else DONE


def faults(options: argparse.Namespace) -> tuple[Fault, ...]:
    """Return what else is wrong, where the command line is."""
    return once(read_scenario(file, options.set)[1] for file in options.file)


def _print(found: dict[str, tuple[Fault, ...]], options: argparse.Namespace) -> None:
    every = once(found.values())
    for file, faults in found.items():
        if not faults:
            print(say("cli.check.fine", options.lang, file=file))
    if every:
        show(every, options.lang)
