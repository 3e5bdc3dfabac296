"""Merkle trees as in RFC 6962, section 2.1: one hash for a list of records, and short proofs about it.

A leaf is `sha256(0x00 | record)`, a node `sha256(0x01 | left | right)`, so that no node can pass for a record.
Lists and proofs are of leaf hashes, 32 bytes each.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a list without records."""


def leaf_hash(record: bytes) -> bytes:
    """Return the hash of one record."""
    return sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two hashes."""
    return sha256(b"\x01" + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes in their order."""
    row = list(leaves)
    if not row:
        return EMPTY_ROOT
    while len(row) > 1:
        # an odd one at the end goes up as it is: the same tree as that of the recursive definition
        above = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = above + row[len(row) - len(row) % 2 :]
    return row[0]


class Frontier:
    """The root of a list that grows: it keeps one hash for every binary digit of its length, never the list."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add the hash of the next record."""
        carried = leaf
        size = self.size
        while size & 1:
            carried = node_hash(self._peaks.pop(), carried)
            size >>= 1
        self._peaks.append(carried)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over what was added so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def inclusion_proof(leaves: Sequence[bytes], number: int) -> list[bytes]:
    """Return the hashes that lead from record `number` (from zero) to the root, from below (section 2.1.1).

    Raises
    ------
    ValueError
        There is no such record.
    """
    if not 0 <= number < len(leaves):
        raise ValueError(f"no record {number} of {len(leaves)}")
    proof: list[bytes] = []
    first, past = 0, len(leaves)
    while past - first > 1:
        middle = first + _left(past - first)
        if number < middle:
            proof.append(merkle_root(leaves[middle:past]))
            past = middle
        else:
            proof.append(merkle_root(leaves[first:middle]))
            first = middle
    return proof[::-1]


def is_included(leaf: bytes, number: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether a proof leads from a record to the root of a list of `size` records.

    The algorithm of RFC 9162, section 2.1.3.2.
    """
    if not 0 <= number < size:
        return False
    at, last, found = number, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """Return the hashes that show the first `earlier` records to be still those they were (section 2.1.2).

    Raises
    ------
    ValueError
        The list was never so long.
    """
    if not 0 < earlier <= len(leaves):
        raise ValueError(f"no list of {earlier} before one of {len(leaves)}")
    proof: list[bytes] = []
    first, past, whole = 0, len(leaves), True
    while earlier != past - first:
        middle = _left(past - first)
        if earlier <= middle:
            proof.append(merkle_root(leaves[first + middle : past]))
            past = first + middle
        else:
            proof.append(merkle_root(leaves[first : first + middle]))
            first, earlier, whole = first + middle, earlier - middle, False
    if not whole:
        proof.append(merkle_root(leaves[first:past]))
    return proof[::-1]


def is_consistent(earlier: int, later: int, earlier_root: bytes, later_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows a list of `earlier` records to begin one of `later` records.

    The algorithm of RFC 9162, section 2.1.4.2.
    """
    if not 0 < earlier <= later:
        return False
    if earlier == later:
        return not proof and earlier_root == later_root
    way = list(proof)
    if earlier & (earlier - 1) == 0:
        way.insert(0, earlier_root)
    if not way:
        return False
    at, last = earlier - 1, later - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = way[0]
    for step in way[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == earlier_root and new == later_root


def _left(size: int) -> int:
    """The largest power of two below the size: how many leaves are on the left."""
    return 1 << (size - 1).bit_length() - 1
