"""The files people write: YAML -> a validated, immutable scenario, or every fault at its line and column."""

from typing import TYPE_CHECKING, Any

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
from cesim.scenario.load import Loaded, ScenarioError, load, load_scenario, open_scenario
from cesim.scenario.refusal import ModelFault, ModelFaults
from cesim.scenario.settings import read_settings, sound_settings
from cesim.scenario.values import ValueOf

if TYPE_CHECKING:
    from cesim.scenario.model import Scenario

__all__ = [
    "AsLabel",
    "Count",
    "Label",
    "Loaded",
    "ModelFault",
    "ModelFaults",
    "Part",
    "Positive",
    "PositivePath",
    "Real",
    "RealPath",
    "Scenario",
    "ScenarioError",
    "Several",
    "Share",
    "SharePath",
    "ValueOf",
    "Year",
    "lever",
    "load",
    "load_scenario",
    "open_scenario",
    "read_settings",
    "sound_settings",
]


def __getattr__(name: str) -> Any:
    if name == "Scenario":  # the model is built from the types above
        from cesim.scenario.model import Scenario

        return Scenario
    raise AttributeError(f"module 'cesim.scenario' has no attribute {name!r}")
