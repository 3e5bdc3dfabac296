"""The sourced tables: every figure cesim uses, with its range, status and source.

>>> lookup("vehicles.elv_taken_in", "FY2014").value
3331901.0

The tables are plain CSV files in one schema (:data:`COLUMNS`). A key says what the figure is, year and
region narrow it down. Rows that disagree are all kept and name each other in their notes; a row that a
better one replaced stands under the same key with ``.superseded`` behind it. Nothing is averaged away and
nothing is guessed.
"""

from cesim.data.lookup import DataKeyError, lookup, series
from cesim.data.reader import Source, digest, rows, sources, tables
from cesim.data.row import COLUMNS, STATUSES, Row
from cesim.data.units import UNITS

__all__ = [
    "COLUMNS",
    "STATUSES",
    "UNITS",
    "DataKeyError",
    "Row",
    "Source",
    "digest",
    "lookup",
    "rows",
    "series",
    "sources",
    "tables",
]
