"""The smallest scenario that the balance solves: two years of the tutorial."""

from __future__ import annotations

import yaml

TINY = {"years.start": 2024, "years.end": 2025, "report.years": [2025], "sorting.share": 0.05}
"""Dotted path -> value over the scenario `tutorial`."""


def text(**changes):
    """Return the scenario as a file, with further changes; dots in names are written as two underscores."""
    tree = {"cesim": 1, "name": {"ja": "小さな例", "en": "Small"}, "extends": "tutorial"}
    for path, value in {**TINY, **{name.replace("__", "."): value for name, value in changes.items()}}.items():
        *above, last = path.split(".")
        at = tree
        for name in above:
            at = at.setdefault(name, {})
        at[last] = value
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
