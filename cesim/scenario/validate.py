"""Tree -> model, and what pydantic refuses as faults at the lines where it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from pydantic import BaseModel, ValidationError

from cesim.errors import Fault, InputError
from cesim.scenario.fields import allowed_keys
from cesim.scenario.fullwidth import first_wide, half
from cesim.scenario.locate import Spot, dotted, latest, spot
from cesim.scenario.missing import missing_faults
from cesim.scenario.proposals import bare_number, unquoted
from cesim.scenario.refusal import ModelFault, ModelFaults
from cesim.scenario.tree import plain
from cesim.scenario.wide_faults import wide_fault
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

    from cesim.scenario.fields import Loc
    from cesim.scenario.model import Scenario
    from cesim.scenario.tree import Branch

M = TypeVar("M", bound=BaseModel)

_NEEDS: Final = {
    "string_type": "need_text",
    "int_type": "need_whole_number",
    "int_from_float": "need_whole_number",
    "int_parsing": "need_whole_number",
    "float_type": "need_number",
    "float_parsing": "need_number",
    "bool_type": "need_true_false",
    "bool_parsing": "need_true_false",
    "dict_type": "need_mapping",
    "mapping_type": "need_mapping",
    "model_type": "need_mapping",
    "model_attributes_type": "need_mapping",
    "list_type": "need_list",
    "tuple_type": "need_list",
    "set_type": "need_list",
    "frozen_set_type": "need_list",
}
_BOUNDS: Final = {
    "greater_than": "> {gt}",
    "greater_than_equal": "≥ {ge}",
    "less_than": "< {lt}",
    "less_than_equal": "≤ {le}",
    "multiple_of": "× {multiple_of}",
}
_LENGTHS: Final = {
    "too_short": "≥ {min_length}",
    "string_too_short": "≥ {min_length}",
    "too_long": "≤ {max_length}",
    "string_too_long": "≤ {max_length}",
}
_CHOICES: Final = frozenset({"literal_error", "enum", "union_tag_invalid"})
_AT_KEY: Final = frozenset({"unknown_key", "not_a_year", "data_and_value", "not_an_element", "aluminium_is_rest"})
_NUMBERS: Final = frozenset({"need_number", "need_whole_number"})
_BARE: Final = {"need_number": (int, float), "need_whole_number": (int,), "need_true_false": (bool,)}
"""What a text in quotes would have to be without them."""


def validate(tree: Branch, model: type[M]) -> M:
    """Return the tree as a model.

    Raises `InputError` with every fault, each at the place of the key or value it is about.
    """
    try:
        made = model.model_validate(plain(tree))
    except ValidationError as error:
        told = error.errors(include_url=False)
        faults = [fault for details in told for fault in _faults(details, tree, model)]
        lacking = [details["loc"] for details in told if details["type"] == "missing"]
        raise InputError(_once(faults + missing_faults(lacking, tree))) from None
    return steered(made)


def steered(made: M) -> M:
    """Return a scenario with the measures of its plan in effect; anything else as it is."""
    if getattr(made, "plan", None) is None:
        return made
    from cesim.scenario.effects import in_effect

    return cast("M", in_effect(cast("Scenario", made)))


def _once(faults: list[Fault]) -> list[Fault]:
    """Return the faults without those said twice: unions complain once per member."""
    said = {(f.place, f.code, str(f.arguments.get("missing", f.arguments.get("found")))): f for f in reversed(faults)}
    return list(said.values())[::-1]


def _faults(details: ErrorDetails, tree: Branch, model: type[BaseModel]) -> list[Fault]:
    loc, kind = details["loc"], details["type"]
    raised = (details.get("ctx") or {}).get("error")
    if isinstance(raised, ModelFault):
        return [_raised(raised, loc, tree)]
    if isinstance(raised, ModelFaults):
        return [_raised(fault, loc, tree) for fault in raised.faults]
    if kind == "missing":
        return []  # told together, see `missing_faults`
    if kind == "extra_forbidden":
        return [_unknown_key(str(loc[-1]), loc[:-1], tree, model)]
    where = spot(tree, loc)
    return [_wrong_value(details, where)]


def _raised(fault: ModelFault, loc: Loc, tree: Branch) -> Fault:
    spots = [spot(tree, (*loc, *path)) for path in (fault.path, *fault.because)]
    where = latest(spots, tree.place.file) if fault.because else spots[0]
    if where is not spots[0]:
        return Fault(fault.code, where.value, {"other": spots[0].value, **fault.arguments})
    return _raised_at(fault, loc, where)


def _raised_at(fault: ModelFault, loc: Loc, where: Spot) -> Fault:
    found = fault.arguments.get("found")
    if fault.code == "full_width":
        return wide_fault(str(found), where.key)
    if fault.code in _AT_KEY or (fault.path and str(fault.path[-1]) == str(found)):
        return Fault(fault.code, where.key, fault.arguments)
    if isinstance(found, str) and where.is_leaf(found) and first_wide(found):
        meant = fault.arguments.get("proposal") if fault.code == "need_number" else None
        return wide_fault(found, where.value, None if meant is None else str(meant))
    arguments = {"path": dotted((*loc, *fault.path)), **fault.arguments}
    if fault.code in ("missing_key", "missing_name"):
        return Fault(fault.code, where.holder, arguments)
    return Fault(fault.code, where.value, _legible(arguments))


def _unknown_key(key: str, loc: Loc, tree: Branch, model: type[BaseModel]) -> Fault:
    allowed = allowed_keys(model, loc)
    place = spot(tree, (*loc, key)).key
    if first_wide(key) and half(key).partition(":")[0].strip() in allowed:
        return wide_fault(key, place)
    arguments = {"found": key, "allowed": allowed, "nearest": nearest(key, allowed), "path": dotted(loc)}
    return Fault("unknown_key", place, arguments)


def _wrong_value(details: ErrorDetails, where: Spot) -> Fault:
    kind, found, context = details["type"], details["input"], details.get("ctx") or {}
    code = _NEEDS.get(kind, "invalid")
    arguments: dict[str, Any] = {"found": found, "path": dotted(details["loc"])}
    if isinstance(found, str) and first_wide(found) and kind != "string_pattern_mismatch":
        return wide_fault(found, where.value)
    if found is None or (found == "" and kind in _LENGTHS):
        code = "empty_value"
    elif kind in _CHOICES:
        allowed = _choices(context)
        code, arguments["allowed"] = "not_a_choice", allowed
        name = "unquote" if found in allowed else "nearest"  # a number written as a text
        arguments[name] = nearest(str(found), allowed) if isinstance(found, str | int) else None
        if kind == "union_tag_invalid":
            arguments["found"] = context.get("tag")
    elif kind == "union_tag_not_found":
        missing = str(context.get("discriminator", "")).strip("'")
        return Fault("missing_key", where.holder, {"missing": missing, "path": dotted(details["loc"])})
    elif kind in _BOUNDS:
        code, arguments["allowed"] = "out_of_range", _BOUNDS[kind].format_map(context)
    elif kind in _LENGTHS:
        code, arguments["allowed"] = "wrong_length", _LENGTHS[kind].format_map(context)
        arguments["found"] = context.get("actual_length", len(found) if isinstance(found, str) else None)
    elif isinstance(found, str) and (bare := unquoted(found, _BARE.get(code, ()))):
        arguments["unquote"] = bare
    elif code in _NUMBERS and isinstance(found, str):
        arguments["proposal"] = bare_number(found)
    elif code == "invalid":
        arguments["problem"] = details["msg"]
    return Fault(code, where.value, _legible(arguments))


def _choices(context: Mapping[str, Any]) -> list[str]:
    said = str(context.get("expected") or context.get("expected_tags") or "")
    return re.findall(r"'([^']*)'", said) or [said]


def _legible(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments with what was found cut to what a line can hold."""
    found = arguments.get("found")
    if isinstance(found, dict):
        arguments["found"] = "{" + ", ".join(list(map(str, found))[:3]) + ", …}"
    elif isinstance(found, list):
        more = ", …" if len(found) > 4 else ""
        arguments["found"] = f"[{', '.join(map(str, found[:4]))}{more}]"[:60]
    elif isinstance(found, str):
        arguments["found"] = found if len(found) <= 60 else found[:57] + "…"
    return arguments
