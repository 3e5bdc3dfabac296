"""What the model of a scenario says of the value at a path: its kind, its choices, whether it may be left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from cesim.quantities import Quantity, TimePath
from cesim.scenario.fields import written_names
from cesim.scenario.values import ValueOf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Declared:
    """A value as the model has it."""

    known: bool
    """Whether anything may stand at the path."""
    value_of: ValueOf | None = None
    """Kind, unit and range, where a number with its pedigree stands."""
    is_path: bool = False
    """Whether it may change over the years."""
    as_list: bool = False
    part: type[BaseModel] | None = None
    """The model of a mapping with declared keys."""
    mapping: bool = False
    """Whether it is a mapping with free keys."""
    choices: tuple[Any, ...] = ()
    plain: frozenset[type] = frozenset()
    """Kinds of plain values: int, float, bool, str."""
    required: bool = False
    description: str = ""

    @property
    def counts(self) -> bool:
        """Say whether a bare number stands here, such as a year."""
        return bool(self.plain & {int, float}) and str not in self.plain


@lru_cache(maxsize=20_000)
def declared(model: type[BaseModel], loc: tuple[str, ...]) -> Declared:
    """Return what a model says of the value at a path; that of a path which leads nowhere is not `known`."""
    held: list[tuple[Any, FieldInfo | None]] = [(model, None)]
    for part in loc:
        held = [inner for kind, _ in held for inner in _inside(kind, part)]
    spread = [(kind, marks, field) for inner, field in held for kind, marks in _spread(inner, _marks(field))]
    if not spread:
        return Declared(known=False)
    kinds = [kind for kind, _, _ in spread]
    marks = [mark for _, found, _ in spread for mark in found if isinstance(mark, ValueOf)]
    if not marks and any(kind in (Quantity, TimePath) for kind in kinds):
        marks = [ValueOf("real", "")]  # a number whose kind and unit are those of another
    fields = [field for _, _, field in spread if field is not None]
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return Declared(
        known=True,
        value_of=marks[0] if marks else None,
        is_path=any(kind is TimePath for kind in kinds),
        as_list=any(get_origin(kind) in (tuple, list) for kind in kinds),
        part=models[0] if models and not marks else None,
        mapping=any(get_origin(kind) is dict for kind in kinds),
        choices=tuple(choice for kind in kinds if get_origin(kind) is Literal for choice in get_args(kind)),
        plain=frozenset(kind for kind in kinds if kind in (int, float, bool, str)),
        required=any(field.is_required() for field in fields),
        description=next((field.description for field in fields if field.description), ""),
    )


def _marks(field: FieldInfo | None) -> tuple[Any, ...]:
    return tuple(field.metadata) if field is not None else ()


def _inside(kind: Any, part: str) -> Iterator[tuple[Any, FieldInfo | None]]:
    for one, _ in _spread(kind, ()):
        if isinstance(one, type) and issubclass(one, BaseModel):
            name = written_names(one).get(part)
            if name is not None:
                yield one.model_fields[name].annotation, one.model_fields[name]
        elif get_origin(one) in (dict, tuple, list):
            yield [argument for argument in get_args(one) if argument is not Ellipsis][-1], None


def _spread(kind: Any, marks: tuple[Any, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Yield the members of a union with the marks of their annotations."""
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *more = get_args(kind)
        yield from _spread(inner, (*marks, *more))
    elif origin in (Union, UnionType):
        for one in get_args(kind):
            yield from _spread(one, marks)
    elif hasattr(kind, "__value__"):  # a `type` alias
        yield from _spread(kind.__value__, marks)
    else:
        yield kind, marks
