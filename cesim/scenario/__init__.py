"""The files people write: YAML -> a validated, immutable scenario, or every fault at its line and column."""

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
from cesim.scenario.load import Loaded, load, load_scenario, open_scenario
from cesim.scenario.model_fault import ModelFault, ModelFaults
from cesim.scenario.overrides import read_settings
from cesim.scenario.values import ValueOf

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
]
