"""A number with its range, its unit and where it comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from numbers import Real
from typing import Final, Literal, get_args

from cesim.quantities.distribution import SUPPORT, Kind, Law, LawName, Range, law_of
from cesim.quantities.faults import QuantityError

Status = Literal["read", "unverified", "estimate", "given"]

DISTRIBUTIONS: Final[tuple[str, ...]] = get_args(LawName)
KINDS: Final[tuple[str, ...]] = get_args(Kind)
RANGES: Final[tuple[str, ...]] = get_args(Range)
STATUSES: Final[tuple[str, ...]] = get_args(Status)


@dataclass(frozen=True)
class Quantity:
    """A best estimate and how far off it may be: the pencil note ``0.35 (0.28 to 0.44), JAMA 2023, p. 12``.

    Refuses, with a `QuantityError`: what is not a finite number (``not_a_number``, ``not_finite``); a
    number outside its kind (``share_out_of_range``, ``positive_out_of_range``); a range that is half
    given or missing where one is needed (``range_missing``, ``status_needs_range``) or out of order
    (``low_above_value``, ``value_above_high``); an unknown word (``unknown_distribution``,
    ``unknown_range``, ``unknown_kind``, ``unknown_status``); a law that does not suit
    (``distribution_outside_support``, ``wrong_range_for_distribution``, ``triangular_leaves_support``).
    """

    value: float
    """The best estimate, in `unit`."""

    low: float | None = None
    """5th percentile, or the least possible when `range` is ``bounds``."""

    high: float | None = None
    """95th percentile, or the most possible when `range` is ``bounds``."""

    dist: LawName | None = None
    """A named distribution; without it the kind decides (Q2)."""

    range: Range = "percentiles"
    """What `low` and `high` mean (Q1)."""

    kind: Kind = "share"
    """``share`` lies in [0, 1], ``positive`` in [0, inf), ``real`` anywhere."""

    unit: str = ""
    """As written; converted only at the edges."""

    source: str = ""
    """Paper, statistic or standard, with the page."""

    url: str = ""
    """Where the source can be read."""

    status: Status = "read"
    """``read`` in the source, ``given`` by the user, ``unverified`` second-hand, or an ``estimate``."""

    note: str = ""
    """What a reader should know before using it."""

    key: str = ""
    """The name under which the number is kept in a table."""

    def __post_init__(self) -> None:
        self._check_words()
        self._accept_numbers()
        self._check_range()
        _ = self.law  # now, so that a law that does not suit is refused where it is written

    @cached_property
    def law(self) -> Law:
        """The distribution that the numbers stand for."""
        return law_of(self.value, self.low, self.high, self.dist, self.range, self.kind)

    @property
    def has_range(self) -> bool:
        """Whether `low` and `high` are given."""
        return self.low is not None

    @property
    def is_certain(self) -> bool:
        """Whether every draw is the best estimate: no range, one of no width, or held fixed (Q8)."""
        return self.law.name == "fixed"

    def _check_words(self) -> None:
        _require("unknown_kind", self.kind, KINDS)
        _require("unknown_range", self.range, RANGES)
        _require("unknown_status", self.status, STATUSES)
        if self.dist is not None:
            _require("unknown_distribution", self.dist, DISTRIBUTIONS)

    def _accept_numbers(self) -> None:
        """Turn the three numbers into floats, so that 1 and 1.0 are one quantity."""
        for name in ("value", "low", "high"):
            found = getattr(self, name)
            if found is not None or name == "value":
                object.__setattr__(self, name, self._accepted(name, found))

    def _accepted(self, name: str, found: object) -> float:
        if not isinstance(found, Real) or isinstance(found, bool):
            raise QuantityError("not_a_number", found=found, field=name)
        try:
            number = float(found)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise QuantityError("not_finite", found=str(found), field=name)
        least, most = SUPPORT[self.kind]
        if not least <= number <= most:
            raise QuantityError(f"{self.kind}_out_of_range", found=number, allowed=(least, most), field=name)
        return number

    def _check_range(self) -> None:
        if (self.low is None) != (self.high is None):
            missing = "low" if self.low is None else "high"
            raise QuantityError("range_missing", found=(self.low, self.high), missing=missing)
        if self.low is None or self.high is None:
            if self.status in ("unverified", "estimate"):
                raise QuantityError("status_needs_range", found=self.status, allowed=["read", "given"])
            if self.dist not in (None, "fixed"):
                raise QuantityError("range_missing", found=self.dist, missing="low, high")
            return
        if self.low > self.value:
            raise QuantityError("low_above_value", found=self.low, allowed=f"<= {self.value}")
        if self.high < self.value:
            raise QuantityError("value_above_high", found=self.value, allowed=f"<= {self.high}")
        if not math.isfinite(self.high - self.low):
            raise QuantityError("not_finite", found=(self.low, self.high), field="high - low")


def _require(code: str, found: str, allowed: tuple[str, ...]) -> None:
    if found not in allowed:
        nearest = get_close_matches(str(found), allowed, n=1)
        raise QuantityError(code, found=found, allowed=sorted(allowed), nearest=nearest)
