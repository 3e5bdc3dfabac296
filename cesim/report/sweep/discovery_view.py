"""A discovery as its page looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.report.sweep.limits import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from cesim.report.sweep.limits import Told
    from cesim.report.sweep.sentences import Question
    from cesim.report.sweep.varied import Names, Varied
    from cesim.sweep.discovery.boxes import Explanation, Restriction

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Discovered:
    """What was looked for in a study, and what was found.

    Attributes
    ----------
    study
        name of the study, by language
    question
        which futures were asked about
    varied
        columns of the inputs, in the order of the explanation's
    is_of_interest : (run,)
    outcome : (run,)
        the indicator asked about; None where runs without an answer were
    explanation
        what was found
    alternative
        name of the alternative looked at; empty where there is one
    left_out
        runs without an answer, or with a share of nothing, that the figures leave aside
    pareto, worst
        best compromises and worst runs: ``point``, ``file`` and a column an indicator; None where not asked
    files
        what was written: name of the scenario file -> what it is, one of ``box``, ``pareto``, ``worst``
    screened
        how many inputs there were before the least telling were left out; 0 where none was
    per_base, bases
        points of the design that are made from each other, and how many such sets there are; 1 of points of their own
    """

    study: Mapping[str, str]
    question: Question
    varied: tuple[Varied, ...]
    is_of_interest: Bools
    outcome: Floats | None
    explanation: Explanation
    alternative: str = ""
    left_out: int = 0
    pareto: pd.DataFrame | None = None
    worst: pd.DataFrame | None = None
    files: Mapping[str, str] | None = None
    screened: int = 0
    per_base: int = 1
    bases: int = 0

    @property
    def is_parted(self) -> bool:
        """Whether some futures are asked about and some are not: else there is nothing to explain."""
        return self.explanation.verdict not in ("nobody", "everybody")


@dataclass(frozen=True)
class DiscoveryView:
    """Names and words of a discovery in one language."""

    names: Names
    found: Discovered

    def say(self, key: str, **arguments: object) -> str:
        """A text of discoveries."""
        return self.names.writer.say(f"discover.{key}", **arguments)

    @property
    def varied(self) -> Sequence[Varied]:
        """What varies."""
        return self.found.varied

    @cached_property
    def limits(self) -> tuple[tuple[Restriction, Varied, Told], ...]:
        """The limits of the box that is told, those that matter most first; none where there is none."""
        box = self.found.explanation.box
        if box is None:
            return ()
        held = [(one, self.varied[one.column]) for one in box.restrictions]
        shown = [(one, varied, limit) for one, varied in held
                 if (limit := told(one, varied.values, varied.factor)) is not None]  # fmt: skip
        return tuple(sorted(shown, key=lambda one: one[0].p if np.isfinite(one[0].p) else 2.0))

    def extent(self, varied: Varied) -> str:
        """The range that a column has in the study."""
        if varied.options:
            return self.names.writer.join(map(self.names.option, varied.options))
        return self.names.span(*varied.ends, varied)
