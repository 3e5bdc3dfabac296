"""`cesim trace export FORMAT TRACE` and `cesim trace verify FILE`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from cesim.errors import DONE, WRONG_INPUT

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace) -> int:
    """Write a trace in a format of others, or verify a document."""
    return _export(options) if options.what == "export" else _verify(options)


def _export(options: argparse.Namespace) -> int:
    from cesim.run.trace.exporting import export_trace
    from cesim.run.trace.folders import open_tracing
    from cesim.text import say

    name, where = options.words
    tracing = open_tracing(where)
    here = Path(where).absolute()
    target = Path(options.out) if options.out is not None else here.with_name(f"{here.name}-{name}")
    key = None if options.key is None else Path(options.key)
    found = export_trace(tracing, name, target, seed=options.seed, key=key, hashes=options.hashes)
    if options.json:
        print(json.dumps({"folder": str(found.folder), "counts": found.counts, "lost": found.lost}, ensure_ascii=False))
        return DONE
    counts = ", ".join(f"{kind} {count:,}" for kind, count in found.counts.items())
    print(say("trace_files.exported", options.lang, format=name, counts=counts))
    for kind, what in found.lost.items():
        if what:
            print(say(f"trace_files.{kind}", options.lang))
        for code, count in what.items():
            told = say(f"lost.{code}", options.lang) if kind != "filled" else code
            print(f"  {count:>12,}  {told}")
    print(say("cli.run.written", options.lang, folder=str(found.folder)))
    return DONE


def _verify(options: argparse.Namespace) -> int:
    from cesim.cli.faults import as_data, remark, show
    from cesim.run.trace.verifying import MOST_SHOWN, verify
    from cesim.text import say

    path = Path(options.words[0])
    found = verify(path, None if options.key is None else Path(options.key))
    sound = not found.findings
    if options.json:
        told = {
            "path": str(path), "kind": found.kind, "events": found.events, "hashes": found.hashes, "sound": sound,
            "findings": as_data(found.findings, options.lang), "remarks": as_data(found.remarks, options.lang),
        }  # fmt: skip
        print(json.dumps(told, ensure_ascii=False))
        return DONE if sound else WRONG_INPUT
    remark(found.remarks, options.lang)
    if found.log is not None:
        print("\n".join(found.log.words(options.lang)))
    elif sound:
        print(say("trace_files.sound", options.lang, path=str(path), events=f"{found.events:,}", hashes=found.hashes))
    if sound:
        return DONE
    show(found.findings[:MOST_SHOWN], options.lang)
    if len(found.findings) > MOST_SHOWN:
        print(say("trace_files.more", options.lang, count=f"{len(found.findings) - MOST_SHOWN:,}"))
    return WRONG_INPUT
