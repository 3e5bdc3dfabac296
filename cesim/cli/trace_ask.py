"""`cesim trace claims | bounds | audit | upstream | downstream`: what is asked of a trace that was made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cesim.cli.columns import table
from cesim.errors import DONE, Fault, InputError

if TYPE_CHECKING:
    import argparse

    from cesim.run.trace.tracing import Tracing


def run(options: argparse.Namespace) -> int:
    """Answer from the ledgers and tables of a trace."""
    from cesim.run.trace.folders import open_tracing

    cut = _share(options.cut)
    day = _day(options.day)
    tracing = open_tracing(options.words[0])
    if options.what in ("upstream", "downstream"):
        return _follow(tracing, options, cut)
    if options.what == "bounds" and (options.viewer or day is not None):
        return _tell({"bounds": _seen(tracing, options.viewer or "certifier", day)}, options)
    shown = {"claims": ("claims",), "bounds": ("bounds", "budget"), "audit": ("audit", "actors")}[options.what]
    return _tell({name: tracing.tables[name] for name in shown}, options)


def _follow(tracing: Tracing, options: argparse.Namespace, cut: float) -> int:
    from cesim.run.trace.following import downstream_frame, lot_of, upstream_frame

    lot = lot_of(tracing, options.words[1])
    frame = upstream_frame if options.what == "upstream" else downstream_frame
    return _tell({options.what: frame(tracing, lot, cut, true=options.truth)}, options)


def _seen(tracing: Tracing, viewer: str, day: int | None) -> Any:
    from cesim.run.trace.proofs import seen_frame

    return seen_frame(tracing, viewer, day)


def _tell(frames: dict[str, Any], options: argparse.Namespace) -> int:
    """Print tables, or the same as data."""
    if options.json:
        print(json.dumps({k: json.loads(v.to_json(orient="records")) for k, v in frames.items()}, ensure_ascii=False))
        return DONE
    from cesim.report.trace_terminal import printed

    texts = [table(*printed(name, frame, options.lang)) for name, frame in frames.items()]
    print("\n\n".join(texts))
    return DONE


def _share(text: str | None) -> float:
    if text is None:
        return 0.001
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        raise InputError([Fault("option_bad_value", arguments={"option": "--cut", "found": text[:40]})])
    return share


def _day(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or not text.isascii() or len(text) > 6:
        raise InputError([Fault("option_bad_value", arguments={"option": "--day", "found": text[:40]})])
    return int(text)
