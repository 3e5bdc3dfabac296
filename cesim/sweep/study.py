"""The study: what a sweep asks, one sentence an entry.

A study names scenarios, says which of their numbers vary and by which design, what is decided (levers), and what is
kept of every run. Ranges are those that the scenarios declare; a study never writes them again.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from cesim.run.asked import MOST_BATCH, MOST_POINTS, MOST_SEED
from cesim.scenario import Label, ModelFault, Part, Several
from cesim.scenario.kinds import Names, Year

Plain = bool | int | float | str
Setting = Plain | Several[Plain]
"""What a lever may be set to: a number, a word, a list of words."""
Settings = Annotated[Several[Setting], Field(min_length=1)]
Engine = Literal["balance", "events", "both"]
DesignKind = Literal["monte-carlo", "sobol", "hypercube", "saltelli", "morris", "factorial", "table"]


class Span(Part):
    """A lever that takes any value between two, alike likely, in the design."""

    low: float = Field(allow_inf_nan=False)
    high: float = Field(allow_inf_nan=False)

    @model_validator(mode="after")
    def _has_width(self) -> Span:
        if not self.low < self.high:
            raise ModelFault("sweep_span_empty", "high", {"low": self.low, "high": self.high})
        return self


def _span_or_values(found: object) -> str:
    """Say which of the two a sampled lever is, so that only what is wrong with that one is told."""
    return "span" if isinstance(found, dict | Span) else "values"


Sampled = Annotated[Annotated[Span, Tag("span")] | Annotated[Settings, Tag("values")], Discriminator(_span_or_values)]
"""What a future may take: any value of a span, or one of several."""


def _word_or_years(found: object) -> str:
    """Say which of the two is meant, so that only what is wrong with that one is told."""
    return "word" if isinstance(found, str) and not found.strip().isdecimal() else "years"


Kept = Annotated[
    Annotated[Literal["all", "report"], Tag("word")]
    | Annotated[Annotated[Several[Year], Field(min_length=1)], Tag("years")],
    Discriminator(_word_or_years),
]
"""Which years."""


class Correlated(Part):
    """Numbers that move together."""

    between: Several[Label] = Field(min_length=2, max_length=2, description="paths of two factors")
    rho: float = Field(gt=-1, lt=1, description="correlation of their normal scores")


class DesignAsk(Part):
    """How futures are chosen."""

    kind: DesignKind = Field(
        default="monte-carlo",
        description="monte-carlo: keyed draws; sobol: a Sobol' sequence; hypercube: Latin hypercube; saltelli: for "
        "Sobol' indices; morris: elementary effects; factorial: a grid; table: read from a CSV file",
    )
    samples: int = Field(
        default=1000, ge=1, le=MOST_POINTS, description="points; base points of `saltelli`, trajectories of `morris`"
    )
    levels: int = Field(default=4, ge=2, le=100, description="levels of a factor, for `morris` and `factorial`")
    second_order: bool = Field(default=False, description="whether `saltelli` also shows how factors act together")
    file: str | None = Field(default=None, description="CSV file of a `table`, beside the study")


class LotsAsk(Part):
    """What the runs lot by lot cover."""

    first: Year = Field(description="first year")
    last: Year | None = Field(default=None, description="last year; the first where not said")
    batch: int = Field(default=20, ge=1, le=MOST_BATCH, description="cars that come as one lot")
    traced: bool = Field(default=False, description="whether casthouses read the records of section `reporting`")


class StopRule(Part):
    """When enough has been seen: the mean of an indicator is known well enough in every alternative."""

    indicator: Label = Field(description="whose mean is to be known")
    region: Label | None = Field(default=None, description="region or group; the focus where not said")
    year: Year = Field(description="year of the indicator")
    half_width: float = Field(gt=0, description="half of the 95 % interval of the mean, in the unit of the indicator")
    most: int = Field(ge=2, le=MOST_POINTS, description="points after which it stops anyhow")


class Study(Part):
    """What a sweep asks."""

    name: Names | None = Field(default=None, description="what the study is called")
    scenarios: Several[Label] = Field(min_length=1, description="files beside the study, or names of shipped scenarios")
    levers: dict[Label, Settings] = Field(
        default={}, description="path -> values; every combination is tried in every future"
    )
    sampled: dict[Label, Sampled] = Field(
        default={}, description="path -> values or low and high; every future takes one of them"
    )
    vary: Several[Label] = Field(
        default=("*",), description="paths of numbers whose declared ranges vary; `*` stands for anything"
    )
    keep: Several[Label] = Field(default=(), description="paths that do not vary though `vary` names them")
    others: Literal["best", "drawn"] = Field(
        default="best", description="numbers that do not vary: at their best estimate, or drawn by chance"
    )
    correlated: Several[Correlated] = Field(default=(), description="factors that move together")
    design: DesignAsk = DesignAsk()
    engine: Engine = Field(default="balance", description="the annual balance, lot by lot, or both")
    lots: LotsAsk | None = Field(default=None, description="needed where runs are lot by lot")
    replicates: int = Field(default=1, ge=1, le=1000, description="repetitions of a future with other luck")
    seed: int = Field(default=0, ge=0, le=MOST_SEED, description="of the design and of everything drawn")
    indicators: Several[Label] = Field(default=(), description="indicators that are kept; all where not said")
    regions: Several[Label] = Field(default=(), description="regions or groups that are kept; the focus where not said")
    years: Kept = Field(default="all", description="years that are kept: all, those of the report, or a list")
    limit_s: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        default=None, description="seconds after which a run is given up"
    )
    proofs: Literal["none", "some", "all"] = Field(
        default="some", description="which blocks of the balance are proved by a full run beside"
    )
    stop: StopRule | None = Field(default=None, description="when enough has been seen; `design.samples` come first")

    @model_validator(mode="after")
    def _fits_together(self) -> Study:
        if self.engine != "balance" and self.lots is None:
            raise ModelFault("sweep_lots_needed", "engine", {"found": self.engine})
        if self.design.kind == "table" and self.design.file is None:
            raise ModelFault("sweep_table_needs_file", ("design", "kind"), {})
        both = sorted(set(self.levers) & set(self.sampled))
        if both:
            raise ModelFault("sweep_lever_twice", ("sampled", both[0]), {"found": both[0]})
        return self
