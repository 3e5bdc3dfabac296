"""Waiting lines: who came first is served first, and lines are kept by grade."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")


class Waiting(Generic[T]):
    """The lines before a facility, one a grade; to find somebody of a grade costs nothing, however long the lines.

    Parameters
    ----------
    order
        Grades in the order in which they are served; those not named come after them. Without it the longest waiting
        is served first, whatever the grade.
    """

    def __init__(self, order: Sequence[str] = ()) -> None:
        self._order = tuple(order)
        self._lines: dict[str, deque[tuple[int, T]]] = {grade: deque() for grade in order}
        self._count = self._came = 0

    def put(self, who: T, grade: str = "") -> None:
        """Let somebody queue up."""
        line = self._lines.get(grade)
        if line is None:
            line = self._lines[grade] = deque()
        line.append((self._came, who))
        self._came += 1
        self._count += 1

    def take(self) -> T:
        """Take who is served next; `IndexError` where nobody waits."""
        if len(self._lines) == 1:
            return self.take_of(next(iter(self._lines)))
        for grade in self._order:
            if self._lines[grade]:
                return self.take_of(grade)
        others = [(line[0][0], grade) for grade, line in self._lines.items() if line]
        if not others:
            raise IndexError
        return self.take_of(min(others)[1])

    def take_of(self, grade: str) -> T:
        """Take the first of a grade; `IndexError` where nobody waits."""
        if grade not in self._lines:
            raise IndexError
        who = self._lines[grade].popleft()[1]
        self._count -= 1
        return who

    def of(self, grade: str) -> list[T]:
        """Return who waits in the line of a grade, the first first."""
        return [who for _, who in self._lines.get(grade, ())]

    def grades(self) -> list[str]:
        """Return grades of which somebody waits."""
        return [grade for grade, line in self._lines.items() if line]

    def __iter__(self) -> Iterator[T]:
        for _, who in sorted((entry for line in self._lines.values() for entry in line), key=lambda entry: entry[0]):
            yield who

    def __len__(self) -> int:
        return self._count
