"""The files people write: YAML -> a validated, immutable scenario, or every fault at its line and column."""

from typing import TYPE_CHECKING, Any

from cesim.scenario.fields import Loc, kinds_at
from cesim.scenario.kinds import (
    AsLabel,
    Count,
    Label,
    Part,
    Positive,
    PositivePath,
    Real,
    RealPath,
    Several,
    Share,
    SharePath,
    Year,
)
from cesim.scenario.levers import lever
from cesim.scenario.load import Loaded, ScenarioError, load, load_scenario, of_tree, open_scenario
from cesim.scenario.locate import Spot, spot
from cesim.scenario.proposals import bare_number
from cesim.scenario.refusal import ModelFault, ModelFaults
from cesim.scenario.resolved import written
from cesim.scenario.settings import read_settings, sound_settings
from cesim.scenario.source import parse
from cesim.scenario.tree import Branch, Entry, Leaf, Row, Tree, branch, plain, row
from cesim.scenario.values import ValueOf

if TYPE_CHECKING:
    from cesim.scenario.model import Scenario

__all__ = [
    "AsLabel",
    "Branch",
    "Count",
    "Entry",
    "Label",
    "Leaf",
    "Loaded",
    "Loc",
    "ModelFault",
    "ModelFaults",
    "Part",
    "Positive",
    "PositivePath",
    "Real",
    "RealPath",
    "Row",
    "Scenario",
    "ScenarioError",
    "Several",
    "Share",
    "SharePath",
    "Spot",
    "Tree",
    "ValueOf",
    "Year",
    "bare_number",
    "branch",
    "kinds_at",
    "lever",
    "load",
    "load_scenario",
    "of_tree",
    "open_scenario",
    "parse",
    "plain",
    "read_settings",
    "row",
    "sound_settings",
    "spot",
    "written",
]


def __getattr__(name: str) -> Any:
    if name == "Scenario":  # the model is built from the types above
        from cesim.scenario.model import Scenario

        return Scenario
    raise AttributeError(f"module 'cesim.scenario' has no attribute {name!r}")
