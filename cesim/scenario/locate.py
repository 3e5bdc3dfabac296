"""Where in the files a path of the model stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.scenario.tree import Branch, Leaf, Row, Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.errors import Place
    from cesim.scenario.fields import Loc


@dataclass(frozen=True, slots=True)
class Spot:
    """A value of the tree and the places by which one can point at it."""

    tree: Tree
    key: Place
    """Its key, or the item itself in a list."""

    @property
    def value(self) -> Place:
        """Where the value is best shown: itself, or its key where it is empty or begins on a later line."""
        empty = isinstance(self.tree, Leaf) and self.tree.text == ""
        return self.key if empty or self.tree.place.line != self.key.line else self.tree.place

    @property
    def holder(self) -> Place:
        """Where something missing in it is shown: the key of the mapping that should hold it."""
        return self.key

    def is_leaf(self, found: str) -> bool:
        """Say whether this is the scalar with that text."""
        return isinstance(self.tree, Leaf) and self.tree.value == found


def dotted(loc: Loc) -> str:
    """Return a path as `--set` takes it."""
    return ".".join(str(part) for part in loc)


def latest(spots: Sequence[Spot], own: str | None) -> Spot:
    """Return what was written last: on the command line, else in the file itself, else the first given."""
    for is_last in (lambda place: place.path is not None, lambda place: place.file == own):
        for one in spots:
            if is_last(one.value):
                return one
    return spots[0]


def spot(root: Branch, loc: Loc) -> Spot:
    """Return the value at a path; where the path leads nowhere, its last part that exists.

    Parts that name no key here are skipped: pydantic puts the names of union members into its paths.
    """
    here = Spot(root, root.place)
    for part in loc:
        tree = here.tree
        if isinstance(tree, Branch) and (entry := tree.entries.get(str(part))) is not None:
            here = Spot(entry.value, entry.place)
        elif isinstance(tree, Row) and isinstance(part, int) and 0 <= part < len(tree.items):
            here = Spot(tree.items[part], tree.items[part].place)
        elif isinstance(tree, Row):  # a model may point at an item by its name
            named = [item for item in tree.items if isinstance(item, Leaf) and item.text == part]
            here = Spot(named[0], named[0].place) if named else here
    return here
