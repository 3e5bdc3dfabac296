"""The design of a study: its factors as columns, and how its points are made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, InputError
from cesim.sweep.designs import Correlated, declared, design_of, merged, points_of, remarks_on
from cesim.sweep.factors import Factor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cesim.sweep.alternatives import Alternative
    from cesim.sweep.designs import Design
    from cesim.sweep.study import Study

TABLE = "points.csv"
"""The design of a study as its folder keeps it, where it was read from a file."""


@dataclass(frozen=True)
class Designed:
    """How the points of a study are made.

    Attributes
    ----------
    kind
        as the study names it
    factors
        what varies; of correlated ones those that move together are one
    columns
        stream of each column of the design; none where all is drawn by key
    design
        none where all is drawn by key
    told
        what makes the design, for the lock
    remarks
        what is no fault and yet worth a word
    """

    kind: str
    factors: tuple[Factor, ...]
    columns: tuple[str, ...]
    design: Design | None
    told: dict[str, Any]
    remarks: tuple[Fault, ...] = ()

    def points(self, samples: int) -> int:
        """Points of so many samples."""
        return samples if self.design is None else points_of(self.design, samples)

    @property
    def may_grow(self) -> bool:
        """Whether more samples leave the points there are as they are."""
        return self.design is None or self.design.points is None


def designed(study: Study, factors: Sequence[Factor], beside: Path, alternatives: Sequence[Alternative]) -> Designed:
    """Return the design of a study.

    Parameters
    ----------
    beside
        folder of the study, in which a table is looked up
    alternatives
        whose ranges say where a value of a table lies

    Raises
    ------
    InputError
        as `cesim.sweep.designs.design_of` and `cesim.sweep.tabled.tabled`; for correlated factors that cannot be
    """
    kind = study.design.kind
    if kind == "monte-carlo":
        if study.correlated:
            raise InputError([Fault("sweep_correlated_keyed")])
        return Designed(kind, tuple(factors), (), None, {"kind": kind})
    if kind == "table":
        return _of_table(study, factors, beside, alternatives)
    still = [factor for factor in factors if factor.streams]  # a number that wanders has no column
    columns = tuple(stream for factor in still for stream in factor.streams)
    groups = _groups(still, columns)
    correlation = None
    if study.correlated:
        correlation = declared({pair.between: pair.rho for pair in study.correlated}, "normal_score")  # type: ignore[misc]
        _check_correlated(study, columns)
        groups = [(one.name, one.columns) for one in merged(groups, columns, correlation)]
    made: Design = design_of(
        kind, groups, study.seed, study.design.samples,
        levels=study.design.levels, second_order=study.design.second_order,
    )  # fmt: skip
    if correlation is not None:
        made = Correlated(made, columns, correlation)
    told = {"kind": kind, "levels": study.design.levels, "second_order": study.design.second_order,
            "factors": [[name, list(at)] for name, at in groups]}  # fmt: skip
    if made.points is not None:
        told["samples"] = study.design.samples
    named = tuple(_named(name, at, columns) for name, at in groups)
    return Designed(kind, named, columns, made, told, remarks_on(kind, study.design.samples))


def _groups(factors: Sequence[Factor], columns: Sequence[str]) -> list[tuple[str, tuple[int, ...]]]:
    at = {stream: number for number, stream in enumerate(columns)}
    return [(factor.name, tuple(at[stream] for stream in factor.streams)) for factor in factors]


def _named(name: str, at: Sequence[int], columns: Sequence[str]) -> Factor:
    return Factor(name, tuple(columns[number] for number in at))


def _check_correlated(study: Study, columns: Sequence[str]) -> None:
    strange = [name for pair in study.correlated for name in pair.between if name not in columns]
    if strange:
        raise InputError([Fault("sweep_correlated_unknown", arguments={"found": name}) for name in strange])


def _of_table(study: Study, factors: Sequence[Factor], beside: Path, alternatives: Sequence[Alternative]) -> Designed:
    """Read a design; what has no column stays as `others` says."""
    from cesim.sweep.numbers import numbers_of
    from cesim.sweep.tabled import tabled

    assert study.design.file is not None
    table, mark, remarks = tabled(beside / study.design.file, numbers_of(study, factors, alternatives))
    kept = tuple(
        replace(factor, streams=streams)
        for factor in factors
        if (streams := tuple(stream for stream in factor.streams if stream in table.names))
    )
    return Designed("table", kept, table.names, table, {"kind": "table", "sha256": mark}, remarks)
