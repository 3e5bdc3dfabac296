"""`cesim sweep STUDY` (or a scenario with a design): thousands of futures, kept as they come; `cesim sweep merge`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cesim.cli.parser import Parser

MERGE: Final = "merge"
DESIGNS: Final = ("monte-carlo", "sobol", "hypercube", "saltelli", "morris", "factorial", "table")


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", nargs="+", metavar="STUDY", help=parser.word("sweep_file"))
    for name, metavar in (
        ("vary", "PATTERN"),
        ("keep", "PATTERN"),
        ("lever", "PATH=A,B"),
        ("sample", "PATH=LOW..HIGH"),
    ):
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar=metavar, help=parser.word(f"sweep_{name}")
        )
    parser.add_argument("--design", choices=DESIGNS, metavar="KIND", help=parser.word("sweep_design"))
    for name in ("samples", "levels", "to", "replicates", "batch"):
        parser.add_argument(f"--{name}", type=parser.whole(name), metavar="N", help=parser.word(f"sweep_{name}"))
    parser.add_argument("--second-order", action="store_true", default=None, help=parser.word("sweep_second_order"))
    parser.add_argument("--table", metavar="CSV", help=parser.word("sweep_table"))
    parser.add_argument("--others", choices=("best", "drawn"), metavar="HOW", help=parser.word("sweep_others"))
    parser.add_argument(
        "--engine", choices=("balance", "events", "both"), metavar="E", help=parser.word("sweep_engine")
    )
    parser.add_argument("--lots", type=parser.year("lots"), metavar="YEAR", help=parser.word("sweep_lots"))
    parser.add_argument("--indicators", metavar="A,B", help=parser.word("sweep_indicators"))
    parser.add_argument("--regions", metavar="A,B", help=parser.word("sweep_regions"))
    parser.add_argument("--years", metavar="YEARS", help=parser.word("sweep_years"))
    parser.add_argument("--proofs", choices=("none", "some", "all"), metavar="P", help=parser.word("sweep_proofs"))
    parser.add_argument("--limit", metavar="SECONDS", help=parser.word("sweep_limit"))
    parser.add_argument("--seed", type=parser.whole("seed"), metavar="N", help=parser.word("seed"))
    parser.add_argument("--workers", type=parser.whole("workers"), metavar="N", help=parser.word("lots_workers"))
    parser.add_argument("--dask", metavar="ADDRESS", help=parser.word("sweep_dask"))
    parser.add_argument("--shard", metavar="I/N", help=parser.word("sweep_shard"))
    parser.add_argument("--resume", action="store_true", help=parser.word("sweep_resume"))
    parser.add_argument("--partial", action="store_true", help=parser.word("sweep_partial"))
    parser.add_argument("--out", metavar="DIR", help=parser.word("sweep_out"))
    parser.add_argument("--no-report", action="store_true", help=parser.word("no_report"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))
