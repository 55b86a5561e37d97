"""The Merkle tree against the vectors of Certificate Transparency's own tests (RFC 6962), and its laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ledger.tree import (
    EMPTY_ROOT,
    consistency_ranges,
    consistent,
    fold,
    grown,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    peaks,
    proof_of,
    root_from_inclusion,
)

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"


def tree(leaves):
    """Every perfect subtree, as the book stores them."""
    nodes = {(0, at): leaf for at, leaf in enumerate(leaves)}
    return nodes | dict(grown(0, [], leaves))


def root(nodes, size):
    return fold([nodes[node] for node in peaks(0, size)])


LEAVES = [leaf_hash(bytes.fromhex(data)) for data in INPUTS]


@pytest.mark.parametrize("size", range(9))
def test_roots(size):
    assert root(tree(LEAVES), size).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("leaf", "size", "path"),
    [
        (0, 1, []),
        (0, 8, [A, B, C]),
        (5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", ROOTS[4]]),
        (2, 3, [ROOTS[2]]),
    ],
)  # fmt: skip
def test_audit_paths(leaf, size, path):
    found = proof_of(inclusion_ranges(leaf, size), tree(LEAVES).__getitem__)
    assert [digest.hex() for digest in found] == path


@pytest.mark.parametrize(
    ("old", "size", "path"),
    [
        (1, 1, []),
        (1, 8, [A, B, C]),
        (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", ROOTS[4]]),
        (2, 5, [B, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
    ],
)  # fmt: skip
def test_consistency_paths(old, size, path):
    nodes = tree(LEAVES)
    found = proof_of(consistency_ranges(old, size), nodes.__getitem__)
    assert [digest.hex() for digest in found] == path
    assert consistent(old, root(nodes, old), size, root(nodes, size), found)


def by_definition(leaves):
    """MTH of RFC 6962, 2.1, as it is written there."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


SIZED = st.integers(1, 200)


@given(SIZED, st.data())
def test_any_entry_is_proved_and_no_other(size, data):
    leaves = [leaf_hash(bytes([at])) for at in range(size)]
    nodes, leaf = tree(leaves), data.draw(st.integers(0, size - 1))
    path = proof_of(inclusion_ranges(leaf, size), nodes.__getitem__)
    assert root_from_inclusion(leaf, size, leaves[leaf], path) == by_definition(leaves) == root(nodes, size)
    assert root_from_inclusion(leaf, size, leaf_hash(b"another"), path) != root(nodes, size)
    if size > 1:
        other = data.draw(st.integers(0, size - 1).filter(lambda at: at != leaf))
        try:
            assert root_from_inclusion(other, size, leaves[leaf], path) != root(nodes, size)
        except ValueError:
            assert len(inclusion_ranges(other, size)) != len(path)


@given(SIZED, st.data())
def test_a_book_that_was_only_added_to_is_consistent_and_a_rewritten_one_is_not(size, data):
    leaves = [leaf_hash(bytes([at])) for at in range(size)]
    old, changed = data.draw(st.integers(1, size)), data.draw(st.integers(0, size - 1))
    nodes = tree(leaves)
    path = proof_of(consistency_ranges(old, size), nodes.__getitem__)
    assert consistent(old, root(nodes, old), size, root(nodes, size), path)
    rewritten = [*leaves[:changed], leaf_hash(b"another"), *leaves[changed + 1 :]]
    others = tree(rewritten)
    if changed < old:
        forged = proof_of(consistency_ranges(old, size), others.__getitem__)
        assert not consistent(old, root(nodes, old), size, root(others, size), forged)
    assert not consistent(old, root(nodes, old), size, root(others, size), path)
    assert not consistent(old, root(nodes, old), size, root(nodes, size), [*path, b"x" * 32])


@given(st.integers(0, 100), st.integers(0, 100))
def test_growing_by_parts_is_growing_at_once(first, more):
    leaves = [leaf_hash(bytes([at])) for at in range(first + more)]
    nodes = tree(leaves[:first])
    grown_later = dict(grown(first, [nodes[node] for node in peaks(0, first)], leaves[first:]))
    assert {node: digest for node, digest in (nodes | grown_later).items() if node[0]} == dict(grown(0, [], leaves))


def test_what_is_no_place_in_the_tree_is_refused():
    for wrong in ((5, 5), (-1, 5)):
        with pytest.raises(ValueError, match="leaf below"):
            inclusion_ranges(*wrong)
    with pytest.raises(ValueError, match="older size"):
        consistency_ranges(0, 5)
    with pytest.raises(ValueError, match="hashes for leaf"):
        root_from_inclusion(0, 5, LEAVES[0], [])
    assert consistent(0, EMPTY_ROOT, 5, LEAVES[0], [])
    assert not consistent(6, LEAVES[0], 5, LEAVES[0], [])
