"""Loops within a year: what goes round is solved for at once, by (I - T)^-1.

The processes are cut into parts that no loop joins (strongly connected components), put in the order of the
flows, and solved one after the other. A part with a loop has a finite answer only if less comes back each
time round: the spectral radius of its transfer matrix is below 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.frame import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cesim.balance.arrays import Floats

Edge = tuple[int, int]
_NEARLY_SINGULAR = 1e9


class LoopError(ModelError):
    """A loop from which nothing, or too little, leaves; the message names its processes."""


class Network:
    """Processes and the shares that join them, ready to be solved for any supply."""

    def __init__(self, names: Sequence[str], edges: Sequence[Edge]) -> None:
        self.names = tuple(names)
        self.edges = tuple(edges)
        self._into = [[e for e in edges if e[1] == node] for node in range(len(names))]
        self.parts = _parts(len(names), edges)
        self._kept: dict[tuple[int, ...], Floats] = {}

    def solve(
        self, shares: Mapping[Edge, Floats], gains: Sequence[Floats], supply: Sequence[Floats], held: bool
    ) -> list[Floats]:
        """Throughput of every process: ``z = gain * (shares into it * z + supply)`` solved for ``z``.

        Arrays are ``(*axes, element)``. `held` says that shares and gains are those of the last call, so that
        inverses may be kept. Raises `LoopError`.
        """
        done: dict[int, Floats] = {}
        if not held:
            self._kept.clear()
        for part in self.parts:
            outside = [
                gains[node] * (supply[node] + sum(shares[e] * done[e[0]] for e in self._into[node] if e[0] in done))
                for node in part
            ]
            if len(part) == 1 and (part[0], part[0]) not in shares:
                done[part[0]] = outside[0]
                continue
            inverse = self._inverse(part, shares, gains)
            wanted = np.stack(np.broadcast_arrays(*outside), axis=-1)
            answer = np.matmul(inverse, wanted[..., None])[..., 0]
            done.update({node: answer[..., place] for place, node in enumerate(part)})
        return [done[node] for node in range(len(self.names))]

    def _inverse(self, part: tuple[int, ...], shares: Mapping[Edge, Floats], gains: Sequence[Floats]) -> Floats:
        if part not in self._kept:
            inside = {e: gains[e[1]] * shares[e] for e in self.edges if e[0] in part and e[1] in part}
            shape = np.broadcast_shapes(*(share.shape for share in inside.values()))
            turn = np.zeros((*shape, len(part), len(part)))
            for (giver, taker), share in inside.items():
                turn[..., part.index(taker), part.index(giver)] = share
            self._kept[part] = self._inverted(part, turn)
        return self._kept[part]

    def _inverted(self, part: tuple[int, ...], turn: Floats) -> Floats:
        """(I - T)^-1; for T of shares it exists without negative entries just where the radius is below 1."""
        try:
            inverse = np.asarray(np.linalg.inv(np.eye(len(part)) - turn), dtype=np.float64)
        except np.linalg.LinAlgError:
            inverse = np.full_like(turn, np.inf)
        if not (inverse >= -1e-9).all() or (inverse > _NEARLY_SINGULAR).any():
            radius = float(np.abs(np.linalg.eigvals(turn)).max())
            if radius >= 1.0 - 1e-9:
                raise LoopError(
                    f"loop {self.cycle(part)}: {radius:.6g} of the mass comes back each time round "
                    "(spectral radius); allowed: below 1, so give the loop an outlet"
                )
        return inverse

    def cycle(self, part: tuple[int, ...]) -> str:
        """Name a loop of the part: ``melt -> make -> yard -> melt``."""
        path = [part[0]]
        while True:
            step = next(e[1] for e in self.edges if e[0] == path[-1] and e[1] in part)
            if step in path:
                path = [*path[path.index(step) :], step]
                return " -> ".join(self.names[node] for node in path)
            path.append(step)


def _parts(count: int, edges: Sequence[Edge]) -> list[tuple[int, ...]]:
    """Strongly connected components in the order of the flows (Tarjan, SIAM J. Comput. 1, 1972)."""
    after: list[list[int]] = [[taker for giver, taker in edges if giver == node] for node in range(count)]
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    parts: list[tuple[int, ...]] = []

    def visit(node: int) -> None:
        number[node] = low[node] = len(number)
        stack.append(node)
        for taker in after[node]:
            if taker not in number:
                visit(taker)
                low[node] = min(low[node], low[taker])
            elif taker in stack:
                low[node] = min(low[node], number[taker])
        if low[node] == number[node]:
            place = stack.index(node)
            parts.append(tuple(sorted(stack[place:])))
            del stack[place:]

    for node in range(count):
        if node not in number:
            visit(node)
    return parts[::-1]
