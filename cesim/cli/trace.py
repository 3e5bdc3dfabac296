"""`cesim trace WHAT ...`: records of a run or a pilot; what can be claimed, what can be proved, and what is true."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser

WHAT: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "run": ("trace_make", ("RUN",)),
    "import": ("trace_make", ("FILE",)),
    "claims": ("trace_ask", ("TRACE",)),
    "bounds": ("trace_ask", ("TRACE",)),
    "audit": ("trace_ask", ("TRACE",)),
    "upstream": ("trace_ask", ("TRACE", "LOT")),
    "downstream": ("trace_ask", ("TRACE", "LOT")),
    "export": ("trace_files", ("FORMAT", "TRACE")),
    "verify": ("trace_files", ("FILE",)),
}
"""What may be asked -> the module of this room that answers, and the words that follow; `import` takes many files."""
TAKES: Final[dict[str, tuple[str, ...]]] = {
    "run": ("policy", "set", "seed", "out", "no_report", "json"),
    "import": ("policy", "set", "out", "no_report", "json"),
    "claims": ("json",),
    "bounds": ("viewer", "day", "json"),
    "audit": ("json",),
    "upstream": ("cut", "truth", "json"),
    "downstream": ("cut", "truth", "json"),
    "export": ("out", "seed", "key", "hashes", "json"),
    "verify": ("key", "json"),
}
"""Options of each; any other is refused, not left unread."""


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", metavar="WHAT", choices=tuple(WHAT), help=parser.word("trace_what"))
    parser.add_argument("words", nargs="*", metavar="WORD", help=parser.word("trace_words"))
    parser.add_argument("--policy", metavar="SCENARIO", help=parser.word("trace_policy"))
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help=parser.word("trace_set"))
    parser.add_argument("--seed", type=parser.whole("seed"), default=0, metavar="N", help=parser.word("seed"))
    parser.add_argument("--cut", metavar="SHARE", help=parser.word("trace_cut"))
    parser.add_argument("--viewer", metavar="WHO", help=parser.word("trace_viewer"))
    parser.add_argument("--day", metavar="N", help=parser.word("trace_day"))
    parser.add_argument("--truth", action="store_true", help=parser.word("trace_truth"))
    parser.add_argument("--key", metavar="FILE", help=parser.word("trace_key"))
    parser.add_argument("--hashes", action="store_true", help=parser.word("trace_hashes"))
    parser.add_argument("--out", metavar="DIR", help=parser.word("out"))
    parser.add_argument("--no-report", action="store_true", help=parser.word("no_report"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))


def run(options: argparse.Namespace) -> int:
    """Answer; exit code 2 for bad input, and for a document that is not what it should be."""
    module, wanted = WHAT[options.what]
    _refuse_others(options)
    if len(options.words) < len(wanted):
        missing = wanted[len(options.words) :]
        raise InputError([Fault("missing_argument", arguments={"found": " ".join(missing)})])
    if len(options.words) > len(wanted) and options.what != "import":
        raise InputError([Fault("one_too_many", arguments={"found": options.words[len(wanted)]})])
    return int(import_module(f"cesim.cli.{module}").run(options))


def _refuse_others(options: argparse.Namespace) -> None:
    """Refuse options that this word would not read."""
    usual = {"seed": 0, "set": []}
    given = [
        name
        for name in dict.fromkeys(one for several in TAKES.values() for one in several)
        if name not in TAKES[options.what] and getattr(options, name) not in (None, False, usual.get(name))
    ]
    if given:
        allowed = [f"--{name.replace('_', '-')}" for name in TAKES[options.what]]
        told = {"what": options.what, "allowed": allowed}
        raise InputError(
            [Fault("trace_option", arguments={**told, "found": f"--{name.replace('_', '-')}"}) for name in given]
        )
