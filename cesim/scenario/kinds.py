"""The types of the fields of a scenario: numbers with range and source, labels, years, lists."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cesim.quantities import Quantity, TimePath
from cesim.quantities.series import FIRST_YEAR, LAST_YEAR
from cesim.scenario.fullwidth import first_wide, half
from cesim.scenario.refusal import ModelFault
from cesim.scenario.tree import is_year
from cesim.scenario.values import ValueOf

Share = Annotated[Quantity, ValueOf("share", "share")]
"""A part of a whole, in [0, 1]."""
Positive = Annotated[Quantity, ValueOf("positive", "-", most=1e6)]
"""A factor, zero or above. With a unit: `Annotated[Quantity, ValueOf("positive", "kg/vehicle")]`."""
Real = Annotated[Quantity, ValueOf("real", "-")]
"""A number without a sign rule."""
Count = Annotated[Quantity, ValueOf("positive", "vehicles", most=1e9)]
"""A number of vehicles."""
SharePath = Annotated[TimePath, ValueOf("share", "share")]
"""A share over the years."""
ShareByYear = Annotated[TimePath, ValueOf("share", "share", bare=True)]
"""A share that mostly holds for all years, and may change over them."""
PositiveByYear = Annotated[TimePath, ValueOf("positive", "-", most=1e6, bare=True)]
"""A factor that mostly holds for all years, and may change over them."""
PositivePath = Annotated[TimePath, ValueOf("positive", "-", most=1e3)]
"""A factor over the years."""
RealPath = Annotated[TimePath, ValueOf("real", "-")]
"""A number without a sign rule, over the years."""


def _label(raw: Any) -> Any:
    """Read a whole number as the name it is: an alloy `6016`, a grade `1`."""
    return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


def _year(raw: Any) -> Any:
    """Read the key `2035:` of a mapping as a year."""
    if isinstance(raw, str):
        if is_year(raw):
            return int(raw)
        code = "full_width" if first_wide(raw) else "not_a_year"
        raise ModelFault(code, (), {"found": raw, "proposal": half(raw) if code == "full_width" else None})
    if isinstance(raw, int) and not isinstance(raw, bool) and not FIRST_YEAR <= raw <= LAST_YEAR:
        code = "year_out_of_range" if 1000 <= raw <= 9999 else "not_a_year"
        raise ModelFault(code, (), {"found": raw, "first": FIRST_YEAR, "last": LAST_YEAR})
    return raw


def _tuple(raw: Any) -> Any:
    return tuple(raw) if isinstance(raw, list) else raw


AsLabel = BeforeValidator(_label)
"""Before a `Literal`: `Annotated[Literal["6016", "5xxx"], AsLabel]` accepts 6016 without quotes."""
Label = Annotated[str, AsLabel]
"""A name that may look like a number."""
Year = Annotated[int, BeforeValidator(_year)]
"""A calendar year, as a value or as a key."""
T = TypeVar("T")
Several = Annotated[tuple[T, ...], BeforeValidator(_tuple)]
"""A list in the file, a tuple in the model: `Several[Label]`."""


class Part(BaseModel):
    """A part of a scenario: frozen, strict, and without keys nobody declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


class Names(Part):
    """What something is called."""

    ja: str = Field(min_length=1)
    en: str = Field(min_length=1)
