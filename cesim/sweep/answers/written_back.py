"""Boxes, compromises and worst futures of a study as scenarios that `cesim run` opens."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cesim.sweep.alternatives import CHOICE, choices_of
from cesim.sweep.discovery.writing import Origin, box_text, point_text, save
from cesim.text import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from cesim.sweep.answers.discovery import Discovered, Looked
    from cesim.sweep.answers.folder import StudyFolder
    from cesim.sweep.discovery.boxes import Restriction
    from cesim.text import Language

    Floats = NDArray[np.float64]

Ranges = dict[str, tuple[float | None, float | None]]
LANGUAGES: tuple[Language, ...] = ("ja", "en")


@dataclass(frozen=True)
class Desk:
    """Where scenarios are written.

    Attributes
    ----------
    folder
        that is written now
    place
        where it will stand: scenarios name those that they extend from there
    study
        that they are of
    lang
        of the notes in them
    """

    folder: Path
    place: Path
    study: StudyFolder
    lang: Language

    def box(self, looked: Looked, alternative: int) -> str:
        """Write the box as a scenario with narrower ranges, and return the name of the file."""
        ranges, settings = ranges_of(self.study, looked)
        text = box_text(self._origin(alternative, 0), self._name("box"), ranges, settings)
        return save(text, self.folder / "box.yaml").name

    def point(self, alternative: int, point: int, what: str) -> str:
        """Write a future as a scenario of its values, and return the name of the file."""
        alone = len(self.study.shape.alternatives) == 1
        name = f"{what}-{point}" if alone else f"{what}-{point}-{self.study.shape.alternatives[alternative]}"
        plain = "".join(sign if sign.isalnum() or sign in "-._=" else "-" for sign in name)
        origin = self._origin(alternative, self._way(point))
        text = point_text(origin, self._name(what, point), self.study.source, point)
        return save(text, self.folder / f"{plain}.yaml").name

    def _origin(self, alternative: int, way: int) -> Origin:
        held = self.study.plan.alternatives[alternative]
        single = len(held.ways) == 1
        file = (
            self.study.folder
            / "scenarios"
            / (f"{alternative:05}.yaml" if single else f"{alternative:05}-{way:03}.yaml")
        )
        extends = os.path.relpath(file, self.place).replace(os.sep, "/")
        return Origin(held.ways[way].scenario, extends, self.study.name[self.lang], self.lang)

    def _way(self, point: int) -> int:
        """Which combination of sampled choices a future takes."""
        number = 0
        for choice in choices_of(self.study.plan.study):
            u = float(self.study.source.u(choice.stream, point, 1)[0])
            number = number * len(choice.values) + min(int(u * len(choice.values)), len(choice.values) - 1)
        return number

    def _name(self, what: str, point: int | None = None) -> dict[str, str]:
        return {
            lang: say(f"report.casthouse.discover.scenario.{what}", lang, study=self.study.name[lang], point=point)
            for lang in LANGUAGES
        }


def write_back(desk: Desk, looked: Looked, alternative: int, most: int) -> Discovered:
    """Write the scenarios and return what is shown, with the names of the files.

    Parameters
    ----------
    alternative
        which the box and the worst futures are of
    most
        worst futures, and compromises, that are written
    """
    files: dict[str, str] = {}
    if looked.found.explanation.verdict == "explained":
        files[desk.box(looked, alternative)] = "box"
    worst_points = looked.worst_points[:most] if looked.found.is_parted else ()  # all alike: none is one to look into
    worst = [desk.point(alternative, point, "worst") for point in worst_points]
    front = [desk.point(at, point, "compromise") for point, at in looked.compromises[:most]]
    files |= dict.fromkeys(worst, "worst") | dict.fromkeys(front, "pareto")
    return with_files(looked, files, worst, front)


def ranges_of(study: StudyFolder, looked: Looked) -> tuple[Ranges, dict[str, object]]:
    """Return the limits of the box as probabilities of streams, and the choices that it leaves only one option of."""
    ranges: Ranges = {}
    settings: dict[str, object] = {}
    box = looked.found.explanation.box
    for one in () if box is None else box.restrictions:
        varied = looked.found.varied[one.column]
        if f"{CHOICE}{varied.name}" in study.streams:
            inside = sorted({float(value) for value in varied.column[one.holds(varied.column)]})
            if len(inside) == 1:
                settings[varied.name] = varied.options[round(inside[0])] if varied.options else inside[0]
        else:
            u = study.source.u(varied.name, 0, study.points)[looked.points]
            ranges[varied.name] = _range(one, varied.column, u)
    return ranges, settings


def _range(one: Restriction, values: Floats, u: Floats) -> tuple[float | None, float | None]:
    """Return between which probabilities a number lies in the box: halfway to the nearest future outside of it."""
    low = high = None
    inside = one.holds(values)
    if one.low is not None and (values < one.low).any():
        low = 0.5 * (float(u[values < one.low].max()) + float(u[inside].min()))
    if one.high is not None and (values > one.high).any():
        high = 0.5 * (float(u[values > one.high].min()) + float(u[inside].max()))
    return low, high


def with_files(
    looked: Looked, files: dict[str, str], worst_files: Sequence[str], front_files: Sequence[str]
) -> Discovered:
    """Return what is shown with the scenario files that were written, beside the futures that they are of."""
    found = looked.found
    return replace(
        found, files=files, worst=_beside(found.worst, worst_files), pareto=_beside(found.pareto, front_files)
    )


def _beside(frame: pd.DataFrame | None, files: Sequence[str]) -> pd.DataFrame | None:
    if frame is None:
        return None
    out = frame.copy()
    out["file"] = [*files, *[""] * (len(out) - len(files))]
    return out
