"""From a table of points in the units of its readers to a design: every value to its probability."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault
from cesim.quantities import LawOfShares, LawOfYear
from cesim.quantities.inverse_shares import SUM_TOLERANCE
from cesim.sweep.designs import Table, read_table
from cesim.sweep.designs.table import ANY
from cesim.sweep.numbers import AGREE, Column, HeadingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from cesim.sweep.designs.table import Rule, Written, Wrong
    from cesim.sweep.numbers import Numbers

    Floats = NDArray[np.float64]

EXACT: Final = 1e-12
"""Beyond this, in the same measure, it is told how far a value is missed."""
_ROWS: Final = 1 << 16


def tabled(file: Path, numbers: Numbers) -> tuple[Table, str, tuple[Fault, ...]]:
    """Read the points of a table.

    Returns
    -------
    tuple
        The design, whose columns are streams; the SHA-256 of what the table says; what is worth a word
        (``sweep_table_not_exact``).

    Raises
    ------
    InputError
        as `cesim.sweep.designs.read_table`, and for headings and cells that do not fit together:
        ``sweep_table_column_unnamed``, ``sweep_table_column_unknown``, ``sweep_table_column_twice``,
        ``sweep_table_bare``, ``sweep_table_unit``, ``sweep_table_needs_year``, ``sweep_table_no_years``,
        ``sweep_table_year_outside``, ``sweep_table_alternative``, ``sweep_table_laws_differ``,
        ``sweep_table_only_probability``, ``sweep_table_wanders``, ``sweep_table_choice_heading``,
        ``sweep_table_number_twice``, ``sweep_table_no_range``, ``sweep_table_shares_missing``,
        ``sweep_table_shares_sum``, ``sweep_table_disagree``
    """
    columns: list[Column] = []

    def rules(names: tuple[str, ...]) -> tuple[Sequence[Rule], Sequence[Wrong]]:
        made, wrong = _columns(names, numbers)
        columns.extend(column for column in made if column is not None)
        return [ANY if column is None else column.rule for column in made], wrong or _apart(columns)

    held = read_table(file, rules)
    told = repr([str(column.heading) for column in columns]).encode()
    mark = hashlib.sha256(told + b"\0" + held.numbers.tobytes()).hexdigest()
    table, off = _probabilities(held, columns)
    remarks = [
        Fault("sweep_table_not_exact", arguments={"found": file.name, "name": name, "off": f"{most:.0e}"})
        for name, most in off.items() if most > EXACT
    ]  # fmt: skip
    return table, mark, tuple(remarks)


def _columns(names: tuple[str, ...], numbers: Numbers) -> tuple[list[Column | None], list[Wrong]]:
    """Return what each heading says, or what is wrong with it."""
    made: list[Column | None] = []
    wrong: list[Wrong] = []
    for at, name in enumerate(names):
        column = None
        if not name:
            wrong.append((at, "sweep_table_column_unnamed", {}))
        else:
            try:
                column = numbers.column(name)
            except HeadingError as error:
                wrong.append((at, error.code, error.arguments))
        if column is not None and any(one is not None and one.heading == column.heading for one in made):
            wrong.append((at, "sweep_table_column_twice", {"found": name}))
        made.append(column)
    return made, wrong


def _apart(columns: Sequence[Column]) -> list[Wrong]:
    """Return what is wrong with headings that are right each by itself."""
    wrong: list[Wrong] = []
    first: dict[str, Column] = {}
    for at, column in enumerate(columns):
        one = first.setdefault(_own(column), column)
        if one is not column and not _are_values(one, column):
            wrong.append((at, "sweep_table_number_twice", {"found": str(column.heading), "other": str(one.heading)}))
    for streams, group in _groups(columns):
        if isinstance(columns[group[0]].law, LawOfShares):
            there = {columns[at].key for at in group}
            if missing := [stream for key, stream in enumerate(streams) if key not in there]:
                name = columns[group[0]].heading.name
                wrong.append((group[0], "sweep_table_shares_missing", {"found": name, "missing": missing}))
        elif all(columns[at].is_still for at in group):
            found = columns[group[0]].heading
            wrong.append((group[0], "sweep_table_no_range", {"found": str(found), "name": found.name}))
    return wrong


def _own(column: Column) -> str:
    return column.streams[column.key if isinstance(column.law, LawOfShares) else 0]


def _are_values(one: Column, other: Column) -> bool:
    """Whether two columns of one number may stand beside one another: its values in several years or alternatives."""
    return isinstance(one.law, LawOfYear) and isinstance(other.law, LawOfYear)


def _groups(columns: Sequence[Column]) -> Iterator[tuple[tuple[str, ...], list[int]]]:
    """Go through the numbers of a table, each with its columns."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for at, column in enumerate(columns):
        groups.setdefault(column.streams, []).append(at)
    yield from groups.items()


def _probabilities(held: Written, columns: Sequence[Column]) -> tuple[Table, dict[str, float]]:
    """Return the design, and by how much the worst cell of each number is missed."""
    groups = list(_groups(columns))
    names = tuple(stream for streams, _ in groups for stream in streams)
    values = np.empty((len(held.numbers), len(names)))
    off = {columns[group[0]].heading.name: 0.0 for _, group in groups}
    faults: list[tuple[int, int, str, dict[str, object]]] = []
    for first in range(0, len(values), _ROWS):
        rows, at = held.numbers[first : first + _ROWS], 0
        for streams, group in groups:
            own = {one: columns[one] for one in group}
            u, missed, wrong = _shares(rows, own) if len(streams) > 1 else _one(rows, own)
            values[first : first + len(rows), at : at + len(streams)] = u
            at += len(streams)
            name = columns[group[0]].heading.name
            off[name] = max(off[name], missed)
            faults += [(first + row, *more) for row, *more in wrong]  # type: ignore[misc]
    held.raise_at(sorted(faults, key=lambda fault: fault[:2]))
    return Table(names, values), off


def _one(rows: Floats, own: dict[int, Column]) -> tuple[Floats, float, list[tuple[int, int, str, dict[str, object]]]]:
    """Return the probabilities (point, 1) of one number, by the column that tells it best."""
    dated = {at: column.law for at, column in own.items() if isinstance(column.law, LawOfYear)}
    if not dated:
        ((at, column),) = own.items()
        u = (rows[:, at] + 0.5) / len(column.options) if column.options else rows[:, at]
        return u[:, None], 0.0, []
    best = max(dated, key=lambda at: _told_by(dated[at]))
    u = dated[best].probability(rows[:, best])
    missed, wrong = 0.0, []
    for at, law in dated.items():
        drawn = law.draw(u)
        off = np.abs(drawn - rows[:, at]) / np.maximum(np.abs(rows[:, at]), max(law.width, 5e-324))
        if at == best:
            missed = float(off.max())
        for row in np.flatnonzero(off > AGREE) if at != best else ():
            told = {"found": float(rows[row, at]), "name": str(own[at].heading), "other": str(own[best].heading),
                    "value": float(rows[row, best]), "wanted": float(drawn[row])}  # fmt: skip
            wrong.append((int(row), at, "sweep_table_disagree", told))
    return u[:, None], missed, wrong


def _told_by(law: LawOfYear) -> float:
    """How well a value tells the probability: the width of the law against the size of its numbers."""
    return law.width / max(abs(float(law.draw([0.5])[0])), 5e-324)


def _shares(
    rows: Floats, own: dict[int, Column]
) -> tuple[Floats, float, list[tuple[int, int, str, dict[str, object]]]]:
    """Return the probabilities (point, share) of shares that add to one."""
    columns = sorted(own, key=lambda at: own[at].key)
    law = own[columns[0]].law
    assert isinstance(law, LawOfShares)
    x = rows[:, columns]
    total = x.sum(axis=1)
    bad = np.flatnonzero(np.abs(total - 1.0) > SUM_TOLERANCE)
    if bad.size:
        name = own[columns[0]].streams[0].rpartition(".")[0]
        told = [{"found": float(total[row]), "name": name} for row in bad]
        at = min(columns)
        return np.full(x.shape, 0.5), 0.0, [
            (int(row), at, "sweep_table_shares_sum", dict(more)) for row, more in zip(bad, told, strict=True)
        ]  # fmt: skip
    u = law.probability(x)
    return u, float(np.abs(law.draw(u) - x).max()), []
