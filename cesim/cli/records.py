"""Tables as plain data, for `--json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def records(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each table with 15 decimals, the most pandas writes; null for what has no value."""
    return {name: json.loads(one.to_json(orient="records", double_precision=15)) for name, one in tables.items()}
