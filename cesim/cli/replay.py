"""`cesim replay STUDY RUN`: one run of a sweep again, which must come to the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from cesim.errors import DONE
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("study", metavar="STUDY", help=parser.word("replay_study"))
    parser.add_argument("run", type=parser.whole("run"), metavar="RUN", help=parser.word("replay_run"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))


def run(options: argparse.Namespace) -> int:
    """Answer the run again and say that it is the same."""
    from cesim.cli.progress import patience
    from cesim.sweep.replay import replay

    with patience(options.lang):
        found = replay(Path(options.study), options.run)
    told = {**found.cell._asdict(), "run": found.run, "alternative": found.alternative, "reason": found.reason}
    if options.json:
        print(json.dumps({"same": True, **told}, ensure_ascii=False))
    else:
        print(say("cli.replay.failed_same" if found.reason else "cli.replay.same", options.lang, **told))
    return DONE
