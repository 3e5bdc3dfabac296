"""`cesim new NAME [--from BASE]`: a scenario to start from, holding only what differs from its base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import DONE
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from pydantic import BaseModel

    from cesim.cli.parser import Parser


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", metavar="NAME", help=parser.word("name"))
    parser.add_argument("--from", dest="base", default="chubu-baseline", metavar="BASE", help=parser.word("from"))


def run(options: argparse.Namespace) -> int:
    """Write the file and say what to do next."""
    from cesim.scenario.starter import write_starter

    written = write_starter(options.name, options.base, _model(), options.lang)
    print(say("cli.new.written", options.lang, file=written))
    return DONE


def _model() -> type[BaseModel]:
    from cesim.scenario.model import Scenario

    return Scenario
