"""`cesim data list | show KEY | sources`: the tables behind every number."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from cesim.cli.columns import table
from cesim.errors import DONE, Fault, InputError
from cesim.text import nearest, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cesim.cli.parser import Parser
    from cesim.data import Row
    from cesim.text import Language

_SHOWN = ("key", "value", "range", "unit", "year", "region", "status", "source", "note")


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=("list", "show", "sources"), help=parser.word("data_command"))
    parser.add_argument("key", nargs="?", metavar="KEY", help=parser.word("data_key"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))


def run(options: argparse.Namespace) -> int:
    """Print the part of the tables that was asked for."""
    found = {"list": _list, "show": _show, "sources": _sources}[options.what](options.key)
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    elif options.what == "show":
        _print_rows(found, options.lang)
    else:
        print(table(found, [(name, say(f"cli.data.{name}", options.lang)) for name in found[0]]))
    return DONE


def _list(prefix: str | None) -> list[dict[str, Any]]:
    from cesim.data import rows

    counts = Counter(row.key for row in rows() if _below(row, prefix))
    if not counts:
        raise _unknown(prefix or "", rows())
    return [{"key": key, "count": count} for key, count in sorted(counts.items())]


def _show(prefix: str | None) -> list[dict[str, Any]]:
    from cesim.data import rows

    if prefix is None:
        raise InputError([Fault("missing_argument", arguments={"found": "KEY"})])
    found = [row for row in rows() if _below(row, prefix)]
    if not found:
        raise _unknown(prefix, rows())
    fields = ("key", "name", "value", "low", "high", "unit", "year", "region", "source", "url", "status", "note")
    return [{field: getattr(row, field) for field in fields} for row in found]


def _sources(prefix: str | None) -> list[dict[str, Any]]:
    from cesim.data import sources

    return [
        {"count": sum(source.counts.values()), "source": source.source, "url": source.url}
        for source in sources()
        if prefix is None or prefix.casefold() in source.source.casefold()
    ] or [{"count": 0, "source": "", "url": ""}]


def _below(row: Row, prefix: str | None) -> bool:
    return prefix is None or row.key == prefix or row.key.startswith(prefix.rstrip(".") + ".")


def _unknown(key: str, known: Sequence[Row]) -> InputError:
    near = nearest(key, sorted({row.key for row in known}))
    return InputError([Fault("unknown_data_key", arguments={"found": key, "nearest": near})])


def _print_rows(found: list[dict[str, Any]], lang: Language) -> None:
    """Print each row as a short paragraph: a note is longer than a column can hold."""
    for row in found:
        low, high = row["low"], row["high"]
        shown = {**row, "range": "" if low is None else f"{low:g} – {high:g}" if high is not None else f"≥ {low:g}"}
        shown["status"] = say(f"cli.data.is_{row['status']}", lang)
        shown["value"] = "—" if row["value"] is None else f"{row['value']:.10g}"
        print(f"{row['key']}  {row['name']}".rstrip())
        for name in _SHOWN[1:]:
            if shown[name]:
                print(f"  {say(f'cli.data.{name}', lang)}: {shown[name]}")
        if row["url"]:
            print(f"  {say('cli.data.url', lang)}: {row['url']}")
        print()
