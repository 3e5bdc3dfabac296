"""`cesim sweep STUDY` (or a scenario with a design): thousands of futures, kept as they come; `cesim sweep merge`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cesim.cli.sweep_export import EXPORT, export, not_of_export
from cesim.errors import DONE, NO_ANSWER, Fault, InputError, Place
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser
    from cesim.sweep.planning import SweepPlan
    from cesim.sweep.sweeping import Swept
    from cesim.text import Language

MERGE: Final = "merge"
LOGGED_S: Final = 60.0
"""Seconds between lines of progress where no terminal is, as in the log of a batch system."""
_LACKS: Final = {"sweep_lots_needed": "lots"}
"""Fault of what is not there -> the option that would give it."""
MOST_REASONS: Final = 3
"""Reasons that are told where no run has a result."""
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


def run(options: argparse.Namespace) -> int:
    """Answer all runs, or put shards together; say what came of it."""
    from cesim.sweep.execute import Means

    if options.file[0] == MERGE:
        return _merge(options)
    if options.file[0] == EXPORT:
        return export(options)
    plan, target, shard = _asked(options)
    from cesim.cli.faults import remark
    from cesim.cli.progress import Progress, patience
    from cesim.sweep.sweeping import remarks_on, sweep

    remark(plan.remarks, options.lang)
    if options.resume and options.to is None:
        remark(remarks_on(plan, target), options.lang)
    means = Means(options.workers, options.dask)
    try:
        with patience(options.lang), Progress(options.lang, logged_every_s=LOGGED_S) as progress:
            swept = sweep(
                plan, target, means, resume=options.resume, to=options.to, shard=shard, progress=progress.failing
            )
    except KeyboardInterrupt:
        print(say("cli.sweep.interrupted", options.lang), file=sys.stderr)
        raise
    told = None if shard is not None else reported(swept.folder, options.lang, write=not options.no_report)
    _tell(plan, swept, told, options)
    if swept.failed < swept.runs or not swept.runs:
        return DONE
    _tell_nothing(swept, options.lang)
    return NO_ANSWER


def faults(options: argparse.Namespace) -> tuple[Fault, ...]:
    """Return what else is wrong, where the command line is."""
    if options.file[0] == MERGE:
        return tuple(_not_of_merge(options))
    if options.file[0] == EXPORT:
        return not_of_export(options)
    for name in options.refused:  # told by the parser: the rest is looked at as if it had not been given
        setattr(options, name, None)
    try:
        _asked(options)
    except InputError as error:
        return tuple(fault for fault in error.faults if _LACKS.get(fault.code) not in options.refused)
    return ()


def _asked(options: argparse.Namespace) -> tuple[SweepPlan, Path, tuple[int, int] | None]:
    """Return what is asked, the folder, and which share of it; raises `InputError` with every fault."""
    from cesim.cli.sweep_options import as_typed, entries, shard_of
    from cesim.sweep.planning import plan_of
    from cesim.sweep.reading import read_study

    held, wrong = entries(options)
    wrong += [Fault("sweep_two_files", arguments={"found": one}) for one in options.file[1:]]
    if options.out is not None and not options.out.strip():
        wrong.append(Fault("option_needs_value", arguments={"found": "--out"}))
    shard = None
    plan = None
    try:
        shard = shard_of(options.shard)
    except InputError as error:
        wrong += error.faults
    try:
        read = read_study(options.file[0], held)
        plan = plan_of(read)
    except InputError as error:
        wrong += [as_typed(fault, held) for fault in error.faults]
    if plan is None or wrong:
        raise InputError(wrong)
    plan = replace(plan, remarks=tuple(as_typed(one, held) for one in plan.remarks))
    target = Path("runs") / f"{plan.read.name}-sweep" if options.out is None else Path(options.out)
    return plan, target, shard


def reported(folder: Path, lang: Language, *, write: bool = True) -> list[str]:
    """Write page and workbook of a sweep, and return what the terminal is told; of a shard nothing can be said."""
    from cesim.report.sweep.books import write_summary
    from cesim.report.sweep.terminal import summary_lines
    from cesim.sweep.answers.folder import open_folder
    from cesim.sweep.answers.summary import summary_of

    study = open_folder(folder)
    summary = summary_of(study)
    if write:
        write_summary(folder, study.scenario, summary, lang)
    return summary_lines(study.scenario, summary, lang)


def _tell_nothing(swept: Swept, lang: Language) -> None:
    """Say on the error stream that no run has a result, with the commonest reasons."""
    from cesim.cli.faults import show
    from cesim.sweep.reasons import in_words
    from cesim.sweep.store import open_study

    log = open_study(swept.folder).runs()
    common = Counter(zip(log["status"], log["reason"], strict=True)).most_common(MOST_REASONS)
    show([Fault("sweep_nothing_answered", Place(str(swept.folder)), {"found": swept.runs})], lang)
    for (status, reason), count in common:
        kind = say(f"report.casthouse.sweep.status.{status}", lang)
        told = {"count": f"{count:,}", "kind": kind, "reason": in_words(str(reason), lang)}
        print(say("cli.sweep.reason", lang, **told), file=sys.stderr)


def _tell(plan: SweepPlan, swept: Swept, told: list[str] | None, options: argparse.Namespace) -> None:
    lang = options.lang
    if options.json:
        about = {"folder": str(swept.folder), "points": swept.points, "runs": swept.runs, "before": swept.before,
                 "failed": swept.failed, "half_width": swept.half_width, "beyond": swept.beyond,
                 "alternatives": [one.name for one in plan.alternatives]}  # fmt: skip
        print(json.dumps(about, ensure_ascii=False))
        return
    count, factors = len(plan.alternatives), len(plan.designed.factors)
    counts = {"count": f"{count:,}", "points": f"{swept.points:,}", "factors": f"{factors:,}"}
    print(say("cli.sweep.alternatives", lang, **counts, design=plan.designed.kind))
    print(say("cli.sweep.done", lang, done=f"{swept.runs:,}", total=f"{swept.runs:,}", failed=f"{swept.failed:,}"))
    if swept.before:
        print(say("cli.sweep.before", lang, found=f"{swept.before:,}"))
    if (rule := plan.study.stop) is not None and swept.half_width is not None:
        code = "precise" if swept.half_width <= rule.half_width else "unprecise"
        width = {"width": f"{swept.half_width:.3g}", "asked": f"{rule.half_width:g}"}
        told_of = {"indicator": rule.indicator, "year": rule.year, "points": f"{swept.points:,}"}
        print(say(f"cli.sweep.{code}", lang, **width, **told_of))
    if swept.beyond:
        print(say("cli.sweep.beyond", lang, beyond=f"{swept.beyond:,}"))
    for line in told or ():  # of a shard there is none
        print(line)
    print(say("cli.sweep.written", lang, folder=str(swept.folder)))


def _merge(options: argparse.Namespace) -> int:
    from cesim.cli.faults import remark
    from cesim.sweep.store import merge

    wrong = _not_of_merge(options)
    if wrong:
        raise InputError(wrong)
    target, *shards = (Path(one) for one in options.file[1:])
    merged = merge(shards, target, partial=options.partial)
    remark(merged.remarks(target), options.lang)
    told = {"shards": len(shards), "folder": str(target), "runs": f"{merged.runs:,}"}
    print(json.dumps(told, ensure_ascii=False) if options.json else say("cli.sweep.merged", options.lang, **told))
    return DONE


def _not_of_merge(options: argparse.Namespace) -> list[Fault]:
    given = [
        name
        for name in vars(options)
        if name not in ("file", "partial", "json", "lang", "refused") and getattr(options, name)
    ]
    wrong = [Fault("sweep_option_of_merge", arguments={"found": f"--{name.replace('_', '-')}"}) for name in given]
    if len(options.file) < 3:
        wrong.append(Fault("missing_argument", arguments={"found": "OUT SHARD ..."}))
    return wrong
