"""`cesim trace claims | bounds | audit | upstream | downstream`: what is asked of a trace that was made."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cesim.cli.columns import table
from cesim.cli.records import records
from cesim.errors import DONE, Fault, InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from cesim.report.trace.names import Names
    from cesim.run.trace.tracing import Tracing


def run(options: argparse.Namespace) -> int:
    """Answer from the ledgers and tables of a trace."""
    from cesim.run.trace.folders import open_tracing

    cut, day = _share(options.cut), _day(options.day)
    tracing = open_tracing(options.words[0])
    if options.what in ("upstream", "downstream"):
        return _follow(tracing, options, cut)
    if options.what == "bounds" and (options.viewer or day is not None):
        from cesim.run.trace.proofs import seen_frame

        found = seen_frame(tracing, options.viewer or "certifier", day)
        return _tell(replace(tracing, tables={"bounds": found}), ("bounds",), options)
    shown = {"claims": ("claims",), "bounds": ("bounds", "budget"), "audit": ("audit", "actors")}[options.what]
    return _tell(tracing, shown, options)


def _follow(tracing: Tracing, options: argparse.Namespace, cut: float) -> int:
    """Print where a lot came from, or what became of it."""
    from cesim.report.trace.names import Names
    from cesim.run.trace.following import downstream_frame, lot_of, upstream_frame
    from cesim.text import say

    lot = lot_of(tracing, options.words[1])
    frame = (upstream_frame if options.what == "upstream" else downstream_frame)(tracing, lot, cut, true=options.truth)
    if options.json:
        print(json.dumps(records({options.what: frame}), ensure_ascii=False))
        return DONE
    held: list[dict[str, Any]] = frame.fillna({"kind": "", "item": "", "actor": "", "label": ""}).to_dict("records")  # type: ignore[assignment]
    names = Names(tracing, options.lang)
    rows = [_followed(row, names) for row in held]
    if not rows:
        print(say("trace_files.follow.nothing", options.lang))
        return DONE
    print(table(rows, [(name, say(f"trace_files.follow.head_{name}", options.lang)) for name in rows[0]]))
    return DONE


def _followed(row: Mapping[str, Any], names: Names) -> dict[str, str]:
    """One line of what was followed; an origin has no lot."""
    from cesim.text import has, say

    lang = names.lang
    lot = "" if row["lot"] != row["lot"] else str(row["label"] or int(row["lot"]))
    if row["what"] == "origin" and has(f"trace_files.origin.{row['item']}", lang):
        row = {**row, "item": say(f"trace_files.origin.{row['item']}", lang)}
    item = " ".join(part for part in (str(row["kind"]), str(row["item"])) if part)
    actor = names.actor(str(row["actor"])) if row["actor"] else ""
    return {
        "what": say(f"trace_files.follow.{row['what']}", lang), "lot": lot, "item": item, "actor": actor,
        "share": f"{100 * row['share']:.2f} %",
    }  # fmt: skip


def _tell(tracing: Tracing, shown: Sequence[str], options: argparse.Namespace) -> int:
    """Print tables of a trace, or the same as data."""
    if options.json:
        told = records({name: tracing.tables[name] for name in shown})
        print(json.dumps(told, ensure_ascii=False))
        return DONE
    from cesim.report.trace_terminal import table_lines

    print("\n\n".join(table(*table_lines(tracing, name, options.lang)) for name in shown))
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
