"""`cesim trace run RUN` and `cesim trace import FILE ...`: a trace is made, worked out, told and kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cesim.cli.records import records
from cesim.errors import DONE, Fault, InputError

if TYPE_CHECKING:
    import argparse

    from cesim.run.trace.tracing import Tracing
    from cesim.text import Language


def run(options: argparse.Namespace) -> int:
    """Make it, keep it, tell its headline."""
    from cesim.cli.progress import Progress
    from cesim.run.trace.folders import check_trace_target, save_tracing
    from cesim.run.trace.working import worked_out

    target = _target(options)
    check_trace_target(target)
    made = _over_run(options) if options.what == "run" else _imported(options)
    with Progress(options.lang) as progress:
        tracing = worked_out(made, progress)
    kept = save_tracing(tracing, target, None if options.no_report else lambda f, t: documents(f, t, options.lang))
    tell(kept, options)
    return DONE


def documents(folder: Path, tracing: Tracing, lang: Language) -> None:
    """Write report and workbook beside the ledgers."""
    from cesim.report.trace import write_trace_report, write_trace_workbook

    write_trace_report(folder, tracing, lang)
    write_trace_workbook(folder, tracing, lang)


def tell(tracing: Tracing, options: argparse.Namespace) -> None:
    """Print the headline, or the tables as data."""
    import json

    if options.json:
        held = records(tracing.tables)
        print(json.dumps({"folder": str(tracing.folder), "trace": tracing.about, **held}, ensure_ascii=False))
        return
    from cesim.report.trace_terminal import summary
    from cesim.text import say

    print(summary(tracing, options.lang))
    print(say("cli.run.written", options.lang, folder=str(tracing.folder)))


def _target(options: argparse.Namespace) -> Path:
    if options.out is not None:
        return Path(options.out)
    first = Path(options.words[0]).absolute()
    word = f"-{Path(options.policy).stem}" if options.policy else ""
    return first.with_name(f"{first.stem if options.what == 'import' else first.name}-trace{word}")


def _overrides(options: argparse.Namespace) -> dict[str, object]:
    """Return what was set; only the hypothesis of records can be, for the metal is what it is."""
    from cesim.scenario import sound_settings

    overrides, found = sound_settings(options.set)
    others = [path for path in overrides if not path.startswith("reporting.")]
    faults = (*found, *(Fault("trace_set", arguments={"found": path}) for path in others))
    if faults:
        raise InputError(faults)
    return dict(overrides)


def _over_run(options: argparse.Namespace) -> Tracing:
    from cesim.run.trace.over import trace_over

    return trace_over(options.words[0], options.policy, options.seed, _overrides(options))


def _imported(options: argparse.Namespace) -> Tracing:
    from cesim.run.trace.importing import imported

    return imported([Path(word) for word in options.words], policy=options.policy, overrides=_overrides(options))
