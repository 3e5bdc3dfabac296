"""A discovery as its page looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.sweep.answers.limits import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.report.sweep.varied import Names
    from cesim.sweep.answers.discovery import Discovered
    from cesim.sweep.answers.limits import Told
    from cesim.sweep.answers.varied import Varied
    from cesim.sweep.discovery.boxes import Restriction

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


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
