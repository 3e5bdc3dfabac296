"""What every command on an order shares: its arguments, its files, its expectations, its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cesim.cli.documents import free_folder, free_page, write_page, write_parquet
from cesim.cli.faults import as_data as faults_as_data
from cesim.cli.faults import remark, show
from cesim.errors import DONE, MISSED, NO_ANSWER
from cesim.text import message, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

    from cesim.cli.parser import Parser
    from cesim.errors import Fault
    from cesim.orders.answers import Answer
    from cesim.orders.expecting import Expected
    from cesim.orders.objects import Casthouse
    from cesim.orders.order import Command
    from cesim.text import Language


def arguments(parser: Parser) -> None:
    """Declare the arguments of a command on an order."""
    parser.add_argument("file", metavar="FILE", help=parser.word("order"))
    parser.add_argument("--html", metavar="PAGE", help=parser.word("html"))
    parser.add_argument("--parquet", metavar="FOLDER", help=parser.word("parquet"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))


def check_files(options: argparse.Namespace) -> None:
    """Refuse files that could not be written before the work begins, not after it."""
    if options.html is not None:
        free_page(Path(options.html))
    if options.parquet is not None:
        free_folder(Path(options.parquet))


def as_data(answer: Answer, expected: Sequence[Expected], more: Mapping[str, Any]) -> str:
    """Return an answer as JSON: figures and tables with shares as fractions and masses in t."""
    told = [{"line": one.line, "found": one.found, "holds": one.holds} for one in expected]
    data = {**more, "figures": answer.figures, "tables": answer.tables, "expected": told}
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


def finish(
    options: argparse.Namespace,
    casthouse: Casthouse,
    command: Command,
    answer: Answer,
    *,
    lines: Sequence[str],
    page: Callable[..., str],
    more: Mapping[str, Any],
) -> int:
    """Write the files asked for, print the answer, and say by the exit code whether it is what was expected.

    Parameters
    ----------
    lines
        The answer for a terminal, without the expectations.
    page
        Title, what was asked, what was expected and what is left aside -> the page as HTML.
    more
        What the answer as JSON says beside figures and tables.
    """
    from cesim.orders.expecting import expectations
    from cesim.orders.placing import placed
    from cesim.orders.remarks import remarks

    lang: Language = options.lang
    with placed(casthouse.tree):
        expected = expectations(casthouse.order.expected(command), answer.figures)
        aside = remarks(casthouse, command, answer)
    text = page(**_about(options, casthouse, expected, aside)) if options.html is not None else None
    if not options.json:
        remark(aside, lang)
    written = []
    if text is not None:
        written.append(write_page(Path(options.html), text))
    if options.parquet is not None:
        written.append(write_parquet(Path(options.parquet), answer))
    if options.json:
        print(as_data(answer, expected, {**more, "remarks": faults_as_data(aside, lang)}))
    else:
        print("\n".join([*lines, *_expectations(expected, lang), *(say("order.wrote", lang, file=f) for f in written)]))
    if answer.lacks:
        show(answer.lacks, lang)
        return NO_ANSWER
    return DONE if all(one.holds for one in expected) else MISSED


def _about(
    options: argparse.Namespace, casthouse: Casthouse, expected: Sequence[Expected], aside: Sequence[Fault]
) -> dict[str, Any]:
    """Return what a page says beside the answer."""
    from cesim.orders.telling import asked

    told = [message(one, options.lang) for one in aside]
    return {"title": Path(options.file).stem, "asked": asked(casthouse.order), "expected": expected, "remarks": told}


def _expectations(expected: Sequence[Expected], lang: Language) -> list[str]:
    told = []
    for one in expected:
        found = say("order.nothing", lang) if one.found is None else f"{one.found:.6g}"
        told.append(say("order.holds" if one.holds else "order.missed", lang, line=one.line, found=found))
    return told
