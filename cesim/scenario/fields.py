"""Walking a model class along the path of a value, to say which keys may stand there."""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable

Loc = tuple[str | int, ...]


def keys_of(path: str) -> tuple[str, ...]:
    """Return the keys of a dotted path."""
    return tuple(path.split("."))


def allowed_keys(model: type[BaseModel], loc: Loc) -> tuple[str, ...]:
    """Return the keys that the mapping at `loc` may have, in the order of the model."""
    keys: dict[str, None] = {}
    for part in _models(_at([model], loc)):
        keys |= dict.fromkeys(written_names(part))
    return tuple(keys)


def kinds_at(model: type[BaseModel], loc: Loc) -> tuple[Any, ...]:
    """Return the types that may stand at `loc`, annotations and unions taken apart; none where it leads nowhere."""
    kinds: list[Any] = [model]
    for part in loc:
        kinds = [held for kind in unfolded(kinds) for held in _inside(kind, part)]
    return tuple(unfolded(kinds))


def written_names(model: type[BaseModel]) -> dict[str, str]:
    """Return key as written -> field name."""
    return {(field.alias or name): name for name, field in model.model_fields.items()}


def _at(kinds: list[Any], loc: Loc) -> list[Any]:
    for part in loc:
        inner = [held for kind in unfolded(kinds) for held in _inside(kind, part)]
        if inner:  # a part that names no field is the tag of a union
            kinds = inner
    return kinds


def _models(kinds: Iterable[Any]) -> list[type[BaseModel]]:
    return [kind for kind in unfolded(kinds) if isinstance(kind, type) and issubclass(kind, BaseModel)]


def unfolded(kinds: Iterable[Any]) -> list[Any]:
    """Return the kinds with annotations taken off and unions spread out."""
    opened: list[Any] = []
    for kind in kinds:
        origin = get_origin(kind)
        if origin is Annotated:
            opened += unfolded([get_args(kind)[0]])
        elif origin in (Union, UnionType):
            opened += unfolded(get_args(kind))
        elif hasattr(kind, "__value__"):  # a `type` alias
            opened += unfolded([kind.__value__])
        else:
            opened.append(kind)
    return opened


def _inside(kind: Any, part: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        name = written_names(kind).get(str(part))
        return [kind.model_fields[name].annotation] if name is not None else []
    arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
    return arguments[-1:]
