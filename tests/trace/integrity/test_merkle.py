"""Trees and proofs: the known roots and paths of Certificate Transparency, then every small tree, then forgeries."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.trace.integrity.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    merkle_root,
    node_hash,
)

# The test data of Google's Certificate Transparency log (certificate-transparency, merkletree/merkle_tree_test.cc)
RECORDS = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {  # (record from zero, size)
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
LEAVES = [leaf_hash(record) for record in RECORDS]


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert merkle_root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Frontier().root() == merkle_root([])


@pytest.mark.parametrize("size", range(1, 9))
def test_the_known_roots(size):
    assert merkle_root(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("place", "wanted"), INCLUSION.items())
def test_the_known_paths_of_records(place, wanted):
    number, size = place
    assert [step.hex() for step in inclusion_proof(LEAVES[:size], number)] == wanted


@pytest.mark.parametrize(("sizes", "wanted"), CONSISTENCY.items())
def test_the_known_proofs_of_growth(sizes, wanted):
    earlier, later = sizes
    assert [step.hex() for step in consistency_proof(LEAVES[:later], earlier)] == wanted


def recursive_root(leaves):
    """The definition of RFC 6962, section 2.1, as it is written there."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256(b"").digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(recursive_root(leaves[:k]), recursive_root(leaves[k:]))


def leaves_of(size):
    return [leaf_hash(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", range(34))
def test_every_small_tree_is_that_of_the_definition(size):
    leaves = leaves_of(size)
    assert merkle_root(leaves) == recursive_root(leaves)
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    assert frontier.root() == recursive_root(leaves)
    assert frontier.size == size


@pytest.mark.parametrize("size", range(1, 20))
def test_every_record_of_a_small_tree_is_proved_and_no_other(size):
    leaves = leaves_of(size)
    root = merkle_root(leaves)
    for number in range(size):
        proof = inclusion_proof(leaves, number)
        assert is_included(leaves[number], number, size, proof, root)
        assert not is_included(leaf_hash(b"other"), number, size, proof, root)
        assert not is_included(leaves[number], number, size, [*proof, root], root)
        assert not is_included(leaves[number], number, size, proof, leaf_hash(b"other root"))
        for other in set(range(-1, size + 2)) - {number}:
            assert not is_included(leaves[number], other, size, proof, root)
        for lost in range(len(proof)):
            assert not is_included(leaves[number], number, size, proof[:lost] + proof[lost + 1 :], root)


@pytest.mark.parametrize("later", range(1, 20))
def test_growth_is_proved_and_rewriting_is_not(later):
    leaves = leaves_of(later)
    root = merkle_root(leaves)
    for earlier in range(1, later + 1):
        proof = consistency_proof(leaves, earlier)
        old = merkle_root(leaves[:earlier])
        assert is_consistent(earlier, later, old, root, proof)
        rewritten = merkle_root([leaf_hash(b"rewritten"), *leaves[1:earlier]])
        assert not is_consistent(earlier, later, rewritten, root, proof)
        assert not is_consistent(earlier, later, old, leaf_hash(b"other root"), proof)
        assert not is_consistent(earlier, later, old, root, [*proof, root])
        for lost in range(len(proof)):
            assert not is_consistent(earlier, later, old, root, proof[:lost] + proof[lost + 1 :])
    assert not is_consistent(0, later, merkle_root([]), root, [])
    assert not is_consistent(later + 1, later, root, root, [])


@given(st.integers(1, 200), st.data())
def test_proofs_of_any_size(size, data):
    leaves = leaves_of(size)
    number = data.draw(st.integers(0, size - 1))
    root = merkle_root(leaves)
    assert is_included(leaves[number], number, size, inclusion_proof(leaves, number), root)
    earlier = merkle_root(leaves[: number + 1])
    assert is_consistent(number + 1, size, earlier, root, consistency_proof(leaves, number + 1))


@pytest.mark.parametrize(("size", "number"), [(0, 0), (3, 3), (3, -1)])
def test_a_record_that_is_not_there_has_no_proof(size, number):
    with pytest.raises(ValueError, match="no record"):
        inclusion_proof(leaves_of(size), number)


@pytest.mark.parametrize("earlier", [0, 4, -1])
def test_a_list_that_never_was_has_no_proof(earlier):
    with pytest.raises(ValueError, match="no list"):
        consistency_proof(leaves_of(3), earlier)


def test_a_node_is_no_leaf():
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])
