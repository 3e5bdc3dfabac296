"""From a study to everything that a sweep needs: what is solved, how, and what the store must remember of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from cesim.data import digest
from cesim.errors import Fault, InputError
from cesim.scenario import open_scenario
from cesim.sweep.alternatives import alternatives_of, found
from cesim.sweep.designing import TABLE, designed
from cesim.sweep.factors import factors_of, leaves_levers_out, levers_left_out
from cesim.sweep.placing import at_its_line, placed
from cesim.sweep.recipes import recipe_of, unit_of
from cesim.sweep.store import Lock
from cesim.sweep.store.parts import runs_of_a_part

if TYPE_CHECKING:
    from cesim.sweep.alternatives import Alternative
    from cesim.sweep.designing import Designed
    from cesim.sweep.factors import Factor
    from cesim.sweep.reading import StudyRead
    from cesim.sweep.solving import Recipe
    from cesim.sweep.study import Study

STUDY: Final = "study.yaml"
"""The study as its folder keeps it."""


@dataclass(frozen=True)
class SweepPlan:
    """A study ready to be answered.

    Attributes
    ----------
    read
        the study and where it was read
    alternatives, factors, designed
        what is decided, what varies, and by which points
    recipe
        what answers runs
    remarks
        what is no fault and yet worth a word, where the study says it
    """

    read: StudyRead
    alternatives: tuple[Alternative, ...]
    factors: tuple[Factor, ...]
    designed: Designed
    recipe: Recipe
    remarks: tuple[Fault, ...] = ()

    @property
    def study(self) -> Study:
        """What is asked."""
        return self.read.study

    @property
    def points(self) -> int:
        """Points that the study asks for."""
        return self.designed.points(self.study.design.samples)

    def lock(self, shard: tuple[int, int] | None = None) -> Lock:
        """Return what the store remembers of the study and of the program."""
        shape = self.recipe.shape
        return Lock(
            study={"hash": self.read.hash, "text": self.read.text},
            alternatives=tuple(map(_told, self.alternatives)),
            engine=self.study.engine,
            seed=self.study.seed,
            design=self.designed.told,
            columns=self.columns,
            shape=shape,
            units={name: unit_of(name) for name in shape.indicators},
            data_hash=digest(),
            part=runs_of_a_part(shape),
            shard=shard,
        )

    def files(self) -> dict[str, bytes | str]:
        """What lies in the folder beside the tables: study, points where they were read, scenarios as solved."""
        texts: dict[str, bytes | str] = {STUDY: self.read.text}
        if (file := self.study.design.file) is not None:
            texts[TABLE] = (self.read.beside / file).read_bytes()
        for at, one in enumerate(self.alternatives):
            for way, loaded in enumerate(one.ways):
                name = f"{at:05}" if len(one.ways) == 1 else f"{at:05}-{way:03}"
                texts[f"scenarios/{name}.yaml"] = loaded.resolved_text
        return texts

    @property
    def columns(self) -> tuple[dict[str, str], ...]:
        """Stream and factor of each column; of streams drawn by key those that vary, after them."""
        of = {stream: factor.name for factor in self.designed.factors for stream in factor.streams}
        columns = [{"stream": stream, "factor": of[stream]} for stream in self.designed.columns]
        keyed = [stream for stream in of if stream not in self.designed.columns]
        return (*columns, *({"stream": stream, "factor": of[stream], "keyed": "yes"} for stream in keyed))


def plan_of(read: StudyRead) -> SweepPlan:
    """Return a study ready to be answered.

    Raises
    ------
    InputError
        with everything that is wrong with scenarios, levers, factors, design and what is to be kept
    """
    study = read.study
    try:
        alternatives = alternatives_of(study, read.beside)
        factors = factors_of(study, alternatives)
        if not factors:
            raise InputError([Fault("sweep_nothing_varies")])
        plan = made_of(read, alternatives, factors)
    except InputError as error:
        raise placed(error, study, read.tree) from None
    remarks = (*_left_out(read), *plan.designed.remarks)
    return replace(plan, remarks=tuple(at_its_line(one, study, read.tree) for one in remarks))


def made_of(read: StudyRead, alternatives: tuple[Alternative, ...], factors: tuple[Factor, ...]) -> SweepPlan:
    """Return the plan of a study whose alternatives and factors are known; raises `InputError` as `plan_of`."""
    study = read.study
    made = designed(study, factors, read.beside, alternatives)
    return SweepPlan(read, alternatives, factors, made, recipe_of(study, alternatives, made))


def _left_out(read: StudyRead) -> tuple[Fault, ...]:
    if not leaves_levers_out(read.study):
        return ()
    return levers_left_out(
        read.study, (open_scenario(found(file, read.beside)).scenario for file in read.study.scenarios)
    )


def _told(one: Alternative) -> dict[str, Any]:
    loaded = one.ways[0]
    names = loaded.scenario.name.model_dump()
    hashes = [way.hash for way in one.ways]
    return {"name": one.name, "file": one.file, "levers": one.levers, "names": names,
            "scenario_hash": hashes[0] if len(hashes) == 1 else "+".join(hashes)}  # fmt: skip
