"""A study as its page looks at it: what was asked, what its runs came to, and a few of its futures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cesim.indicators import INDICATORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from cesim.report.sweep.varied import Names
    from cesim.run.goals import Goal
    from cesim.sweep.answers.summary import Summary

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SummaryView:
    """Names and words of a study in one language."""

    names: Names
    found: Summary

    def say(self, key: str, **arguments: object) -> str:
        """A text of studies."""
        return self.names.writer.say(f"sweep.{key}", **arguments)

    @cached_property
    def alternatives(self) -> Mapping[str, str]:
        """Names of the alternatives, by how tables call them: scenario and what was decided, as far as they differ."""
        found, lang = self.found, self.names.lang
        scenarios = [one[lang] for one in found.scenarios]
        told = [self._levers(one) for one in found.levers]
        if len(set(scenarios)) > 1 or not any(told):
            told = [self.say("scenario_with", name=name, levers=one) if one else name
                    for name, one in zip(scenarios, told, strict=True)]  # fmt: skip
        if len(set(told)) < len(told):  # names alone do not tell them apart
            told = [self.say("also_called", name=one, id=key)
                    for one, key in zip(told, found.shape.alternatives, strict=True)]  # fmt: skip
        return dict(zip(found.shape.alternatives, told, strict=True))

    def _levers(self, levers: Mapping[str, object]) -> str:
        parts = [self.say("lever", name=self.names.varied(path), value=self.names.setting(path, value))
                 for path, value in levers.items()]  # fmt: skip
        return self.names.writer.join(parts)

    @property
    def has_several(self) -> bool:
        """Whether there is more than one alternative."""
        return len(self.found.shape.alternatives) > 1

    @cached_property
    def headlines(self) -> tuple[str, ...]:
        """Indicators shown first, those that a target is set for before the others."""
        asked = [goal.indicator for goal in self.found.goals]
        opening = [name for name in self.found.shape.indicators if name in INDICATORS and INDICATORS[name].headline]
        there = [name for name in (*asked, *opening) if name in self.found.shape.indicators]
        return tuple(dict.fromkeys(there)) or self.found.shape.indicators[:3]

    def rows(self, indicator: str, region: str, alternative: str | None = None) -> list[dict[str, Any]]:
        """Rows of the figures, in order of year."""
        frame = self.found.figures
        chosen = frame[(frame["indicator"] == indicator) & (frame["region"] == region)]
        if alternative is not None:
            chosen = chosen[chosen["alternative"] == alternative]
        return records(chosen)

    def goals_of(self, indicator: str, region: str) -> Sequence[Goal]:
        """The targets of an indicator in a region, in order of year."""
        held = [goal for goal in self.found.goals if (goal.indicator, goal.region) == (indicator, region)]
        return sorted(held, key=lambda goal: goal.year)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as mappings."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
