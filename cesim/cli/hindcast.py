"""`cesim hindcast`: compare the fleet model with what was counted; prints the page docs/hindcast.md."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cesim.errors import DONE, Fault, InputError
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("--out", metavar="FILE", help=parser.word("out_page"))


def run(options: argparse.Namespace) -> int:
    """Print the page or write it to a file."""
    from cesim.run.hindcast_page import hindcast_page

    if options.out is not None and not options.out.strip():
        raise InputError([Fault("option_needs_value", arguments={"found": "--out"})])
    page = hindcast_page(options.lang)
    if options.out is not None:
        Path(options.out).write_text(page, encoding="utf-8")
        print(say("cli.run.written", options.lang, folder=options.out))
    else:
        print(page, end="")
    return DONE
