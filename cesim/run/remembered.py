"""What was drawn once, kept: so that a changed scenario draws only what changed.

A draw depends on the seed, the path and the number it is drawn from, on nothing else: where number and path are those
of before, so is the draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from cesim.run.sampler import Sampler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from cesim.quantities import DrawSource, Quantity, TimePath

    Floats = NDArray[np.float64]

Answer = TypeVar("Answer")


class Remembering(Sampler):
    """A sampler that keeps what it drew, until it is told that it has learnt enough."""

    def __init__(
        self,
        source: DrawSource,
        first: int,
        count: int,
        at: str = "",
        kept: dict[tuple[str, str], tuple[object, object]] | None = None,
    ) -> None:
        super().__init__(source, first, count, at)
        self._kept = {} if kept is None else kept
        self.learns = True

    def under(self, part: str) -> Sampler:
        """Return a sampler for a part of the scenario that shares what is kept."""
        below = Remembering(self.source, self.first, self.count, f"{self._at}{part}.", self._kept)
        below.learns = self.learns
        return below

    def beside(self) -> Remembering:
        """Return a sampler that knows the same, and learns on its own."""
        return Remembering(self.source, self.first, self.count, self._at, dict(self._kept))

    def _known(self, kind: str, name: str, asked: object, draw: Callable[[], Answer]) -> Answer:
        key = (kind, self._at + name)
        held = self._kept.get(key)
        if held is not None and held[0] == asked:
            return cast("Answer", held[1])
        drawn = draw()
        if self.learns:
            self._kept[key] = (asked, drawn)
        return drawn

    def value(self, name: str, quantity: Quantity) -> Floats:
        """Return values (lane,)."""
        return self._known("value", name, quantity, lambda: super(Remembering, self).value(name, quantity))

    def path(self, name: str, path: TimePath, years: Iterable[int]) -> Floats:
        """Return values (lane, year)."""
        wanted = [int(year) for year in years]
        return self._known("path", name, (path, wanted), lambda: super(Remembering, self).path(name, path, wanted))

    def simplex(self, name: str, shares: Mapping[str, Quantity]) -> dict[str, Floats]:
        """Shares that add to one: name -> (lane,)."""
        asked = list(shares.items())
        return dict(self._known("simplex", name, asked, lambda: super(Remembering, self).simplex(name, shares)))


class Few(Sampler):
    """A few lanes of a sampler: what all its lanes drew, cut to a part of them.

    Raises
    ------
    NotImplementedError
        for uniform numbers: values, paths and shares are all that anybody asks of lanes that are cut
    """

    def __init__(self, whole: Sampler, lanes: slice) -> None:
        super().__init__(whole.source, whole.first + lanes.start, lanes.stop - lanes.start)
        self._whole, self._lanes = whole, lanes

    def under(self, part: str) -> Sampler:
        """Return the same lanes of the sampler for a part of the scenario."""
        return Few(self._whole.under(part), self._lanes)

    def uniform(self, name: str) -> Floats:
        """Refused."""
        raise NotImplementedError(name)

    def value(self, name: str, quantity: Quantity) -> Floats:
        """Return values (lane,)."""
        return self._whole.value(name, quantity)[self._lanes]

    def path(self, name: str, path: TimePath, years: Iterable[int]) -> Floats:
        """Return values (lane, year)."""
        return self._whole.path(name, path, years)[self._lanes]

    def simplex(self, name: str, shares: Mapping[str, Quantity]) -> dict[str, Floats]:
        """Shares that add to one: name -> (lane,)."""
        return {key: share[self._lanes] for key, share in self._whole.simplex(name, shares).items()}
