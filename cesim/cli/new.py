"""`cesim new NAME [--from BASE]`: a scenario to start from; `cesim new --grade [NAME]`: an order for a casthouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import DONE, Fault, InputError
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from pydantic import BaseModel

    from cesim.cli.parser import Parser

BASE = "chubu-baseline"


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", nargs="?", metavar="NAME", help=parser.word("name"))
    parser.add_argument("--from", dest="base", metavar="BASE", help=parser.word("from"))
    parser.add_argument("--grade", action="store_true", help=parser.word("grade"))


def run(options: argparse.Namespace) -> int:
    """Write the file and say what to do next."""
    return _order(options) if options.grade else _scenario(options)


def _scenario(options: argparse.Namespace) -> int:
    from cesim.scenario.starter import write_starter

    if options.name is None:
        raise InputError([Fault("missing_argument", arguments={"found": "NAME"})])
    written = write_starter(options.name, options.base or BASE, _model(), options.lang)
    print(say("cli.new.written", options.lang, file=written))
    return DONE


def _order(options: argparse.Namespace) -> int:
    from cesim.orders.starter import NAME, write_orders

    if options.base is not None:
        raise InputError([Fault("options_exclude", arguments={"found": "--from", "other": "--grade"})])
    written = write_orders(NAME if options.name is None else options.name, options.lang)
    print(say("cli.new.orders", options.lang, yaml=written[0], workbook=written[1]))
    return DONE


def _model() -> type[BaseModel]:
    from cesim.scenario.model import Scenario

    return Scenario
