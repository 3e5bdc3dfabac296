"""What actors write down, how late and how well, and how it is judged: read for traceability only.

No number of this kind has been published for any actor: every one is a hypothesis of the scenario. A scenario without
this section says nothing of records.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cesim.quantities import Quantity
from cesim.scenario.kinds import Part, Share, SharePath
from cesim.scenario.levers import lever
from cesim.scenario.values import ValueOf

Delay = Annotated[Quantity, ValueOf("positive", "days", most=3650)]
Wobble = Annotated[Quantity, ValueOf("positive", "-", most=1)]
Spread = Annotated[Quantity, ValueOf("positive", "-", most=5)]
Gain = Annotated[Quantity, ValueOf("positive", "-", most=10)]
Unnamed = Annotated[Quantity, ValueOf("share", "share", most=0.1)]
Count = Annotated[Quantity, ValueOf("positive", "-", least=1, most=1e4)]
Work = Annotated[Quantity, ValueOf("positive", "h", most=1e3, above=0)]
Times = Annotated[Quantity, ValueOf("positive", "periods", least=1, most=1200)]
Confidence = Annotated[Quantity, ValueOf("share", "share", least=0.5, most=0.999999)]

Role = Literal[
    "take_back", "dismantler", "shredder", "elsewhere", "scrap_trader", "metal_supplier", "casthouse", "press_shop",
    "pelletiser", "polymer_supplier", "recyclate_supplier", "compounder",
]  # fmt: skip


class Habits(Part):
    """How somebody writes records; what is not said is as for everyone, and honest, at once and complete there."""

    coverage: SharePath | None = Field(
        default=None, description="share of what should be reported that is recorded; 0 for one that takes no part",
        json_schema_extra=lever("記録される割合", "share that is recorded"),
    )  # fmt: skip
    omission: Share | None = Field(default=None, description="share of lots that went in and that a record leaves out")
    delay_days: Delay | None = Field(default=None, description="median time until a record is written")
    delay_spread: Spread | None = Field(default=None, description="standard deviation of the logarithm of that time")
    back_dated: Share | None = Field(default=None, description="share written later than it says")
    back_dated_days: Delay | None = Field(default=None, description="median of how much later")
    declaration: Literal["FSD", "FSR", "FMD", "none"] | None = Field(
        default=None, description="full disclosure, full registration, full mass with some anonymous, or none"
    )
    misc: Unnamed | None = Field(default=None, description="share of the mass left without a name, 10 % at most")
    bias_sd: Wobble | None = Field(default=None, description="spread of the error that a scale always has")
    weighing_sd: Wobble | None = Field(default=None, description="spread of the error of each weighing")
    unit_slip: Share | None = Field(default=None, description="share in which kg and t are confused")
    swapped: Share | None = Field(default=None, description="share in which one lot is taken for another")
    duplicate: Share | None = Field(default=None, description="share entered twice")
    over_claim: Share | None = Field(default=None, description="share of primary metal given out as post-consumer")
    pre_as_post: Share | None = Field(default=None, description="share of pre-consumer given out as post-consumer")
    double_claim: Share | None = Field(default=None, description="share of uses of lots claimed by a second actor, too")
    forged: Share | None = Field(default=None, description="share of products with a made-up lot in them")
    collusion: Share | None = Field(default=None, description="share of shipments with a false mass agreed by both")
    collusion_gain: Gain | None = Field(default=None, description="how much more than there is both write then")


class Desk(Part):
    """People who answer requests for compositions on the platform of products."""

    people: Count = Field(description="who answer, for all suppliers together")
    answer_hours: Work = Field(description="mean work on one answer")
    answer_cv: Spread = Field(description="standard deviation of that work over its mean")
    refused: Share = Field(description="requests refused")
    returned: Share = Field(description="answers sent back to be corrected")
    review_days: Delay = Field(description="mean time until an answer is approved or sent back")
    deemed_days: Delay = Field(description="days after which an answer counts as approved")
    full: Share = Field(description="answers that disclose every substance (FSD)")
    registered: Share = Field(description="answers of the rest with undisclosed substances (FSR); what is left is FMD")
    stale: Share = Field(description="answers that are not FSD and speak of another composition than today's")


class Judging(Part):
    """What a certifier grants: mistakes it reckons with, and terms of mass balance."""

    wrong_share: Share = Field(
        description="share of the records behind a claim that may be wrong; which of them, an adversary chose"
    )
    weighing_sd: Wobble = Field(description="spread of weighings, one by one")
    bias_sd: Wobble = Field(description="spread of scales, each always off by the same")
    confidence: Confidence = Field(description="chance with which an interval is to hold")
    window: Times = Field(description="months over which the rolling average is taken")
    life: Times = Field(description="months in which a credit can be used")
    credit_share: Share = Field(description="recycled content that is claimed of each lot, as far as credits reach")


class Reporting(Part):
    """Records of the chain: a hypothesis."""

    everyone: Habits = Field(description="what holds for all who are not listed")
    roles: dict[Role, Habits] = Field(default_factory=dict, description="by what an actor is")
    actors: dict[str, Habits] = Field(default_factory=dict, description="single actors by their names")
    desk: Desk
    judging: Judging
