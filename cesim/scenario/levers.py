"""The levers of a scenario: the values people change most, found by a mark on the fields of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from cesim.quantities import Quantity, TimePath
from cesim.scenario.fields import unfolded, written_names
from cesim.scenario.values import ValueOf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo


def lever(ja: str = "", en: str = "") -> dict[str, Any]:
    """Mark a field as a lever: `recovery: SharePath = Field(json_schema_extra=lever("回収率", "recovery"))`."""
    return {"lever": True, "name": {"ja": ja, "en": en}}


@dataclass(frozen=True, slots=True)
class Lever:
    """A value that is meant to be changed: its path, what it is called, what it is now, what it may be."""

    path: tuple[str, ...]
    value: object
    """`Quantity`, `TimePath` or a plain value, as the base scenario has it."""
    value_of: ValueOf | None
    """The declared kind and unit, for numbers."""
    name_ja: str
    name_en: str


def levers(part: BaseModel, path: tuple[str, ...] = ()) -> Iterator[Lever]:
    """Yield the levers of a scenario in the order of its model, those inside mappings too."""
    for key, name in written_names(type(part)).items():
        field, value = type(part).model_fields[name], getattr(part, name)
        here = (*path, key)
        mark = field.json_schema_extra
        if isinstance(mark, Mapping) and mark.get("lever"):
            yield from _marked(field, mark, value, here)
        else:
            yield from _inside(value, here)


def _marked(field: FieldInfo, mark: Mapping[str, Any], value: object, path: tuple[str, ...]) -> Iterator[Lever]:
    """Yield a marked field; a marked mapping of numbers is one lever a key."""
    name = mark.get("name")
    names: Mapping[str, Any] = name if isinstance(name, Mapping) else {}
    ja, en = (str(names.get(lang) or field.description or "") for lang in ("ja", "en"))
    value_of = number_mark(field.annotation, field.metadata)
    if isinstance(value, Mapping):
        for key, held in value.items():
            yield Lever((*path, str(key)), held, value_of, ja, en)
    else:
        yield Lever(path, value, value_of, ja, en)


def _inside(value: object, path: tuple[str, ...]) -> Iterator[Lever]:
    if isinstance(value, Quantity | TimePath):
        return
    if isinstance(value, BaseModel):
        yield from levers(value, path)
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from _inside(held, (*path, str(key)))


def value_of(model: type[BaseModel], path: tuple[str, ...]) -> ValueOf | None:
    """Return the declared kind and unit of the number at a path of a model; None where there is none."""
    kind: Any = model
    metadata: Any = ()
    for part in path:
        found = _below(kind, part)
        if found is None:
            return None
        kind, metadata = found
    return number_mark(kind, metadata)


def _below(kind: Any, part: str) -> tuple[Any, Any] | None:
    """Return annotation and metadata of what stands under a key of a model or a mapping."""
    for one in unfolded([kind]):
        if isinstance(one, type) and issubclass(one, BaseModel):
            name = written_names(one).get(part)
            if name is not None:
                field = one.model_fields[name]
                return field.annotation, field.metadata
        elif getattr(one, "__origin__", None) is dict:
            return one.__args__[1], ()
    return None


def number_mark(annotation: Any, metadata: Any) -> ValueOf | None:
    """Return the mark of a number in a field, in the members of a union or in the values of a mapping."""
    for mark in metadata:
        if isinstance(mark, ValueOf):
            return mark
    for mark in getattr(annotation, "__metadata__", ()):
        if isinstance(mark, ValueOf):
            return mark
    for argument in getattr(annotation, "__args__", ()):
        found = number_mark(argument, getattr(argument, "__metadata__", ()))
        if found is not None:
            return found
    return None
