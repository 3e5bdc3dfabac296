"""Orders of joining to sample from: keyed, balanced, and cheap in the sets they ask for.

A *ring* is one random order bent into a circle and read from every start in both directions: 2 n orders. Each player
stands once at every place of either direction, and every order has its reverse (antithetic), which leaves no error
where players interact by twos only. The sets met on the way are the n (n - 1) arcs of the circle, and each serves
two orders: the one that begins and the one that ends with it. So a ring costs as many sets as n orders and says as
much as 2 n.

A *pair* is one random order and its reverse, for budgets that too few rings would fit in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.quantities import uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

Design = Literal["ring", "pair"]


def block(players: tuple[str, ...], seed: int, number: int, design: Design) -> Ints:
    """Orders of one block, (order, place), as indices of players.

    A player's place comes from a stream under its own name, so a player more leaves the order of the others as it was.
    """
    luck = [uniforms(seed, f"games/order/{name}", number, 1)[0] for name in players]
    order = np.argsort(np.array(luck), kind="stable")
    if design == "pair":
        return np.stack([order, order[::-1]])
    starts = [np.roll(order, -start) for start in range(order.size)]
    return np.stack([*starts, *(started[::-1] for started in starts)])


def met(orders: Ints) -> Ints:
    """Sets met while players join, (order, players + 1), as bits: nobody first, everybody last."""
    joined = np.cumsum(np.int64(1) << orders, axis=1)
    return np.concatenate([np.zeros((len(orders), 1), dtype=np.int64), joined], axis=1)
