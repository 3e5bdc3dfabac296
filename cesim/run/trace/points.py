"""What a supplier's records are worth in metal: the same cars once more, with these records off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHARE: Final = "recycled_content_6xxx_post"


def points_frame(all_of_them: Mapping[str, Any], silent: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """`points`: one row a supplier: t of 6000-series metal of scrapped cars that return, with and without its records.

    Points of recycled content are of the post-consumer share of the 6000 series, mean over the years; luck is the same.

    Parameters
    ----------
    all_of_them, silent
        Outcomes of the run with everybody's records, and by supplier of those without them.
    """
    rows = [
        {
            "actor": name, "returned_t": all_of_them["returned_t"], "returned_without_t": one["returned_t"],
            "worth_t": all_of_them["returned_t"] - one["returned_t"],
            "worth_points": 100.0 * (_content(all_of_them) - _content(one)),
        }
        for name, one in silent.items()
    ]  # fmt: skip
    columns = ["actor", "returned_t", "returned_without_t", "worth_t", "worth_points"]
    return pd.DataFrame(rows, columns=columns).sort_values("worth_t", ascending=False, ignore_index=True)


def _content(outcome: Mapping[str, Any]) -> float:
    found = [row["lots"] for row in outcome["indicators"] if row["indicator"] == _SHARE and row["lots"] is not None]
    return sum(found) / len(found) if found else 0.0
