"""The Merkle tree of RFC 6962 (section 2.1) over the hashes of the entries. Pure.

Leaves are numbered from 0. A node (level, index) is the root of the perfect subtree over leaves
[index * 2**level, (index + 1) * 2**level). Whoever keeps the perfect subtrees finds any root or proof in O(log n).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final

EMPTY_ROOT: Final = sha256(b"").digest()
Node = tuple[int, int]
"""Level and index of a perfect subtree."""
NodeOf = Callable[[Node], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: 0x00 keeps a leaf from being taken for a node (second preimages)."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


def peaks(begin: int, end: int) -> list[Node]:
    """Return the perfect subtrees that make up leaves [begin, end), left to right.

    ``begin`` is where a subtree of the tree may begin: 0, or the split of one that holds [begin, end).
    """
    found, at = [], begin
    while at < end:
        level = (end - at).bit_length() - 1
        found.append((level, at >> level))
        at += 1 << level
    return found


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the subtrees of `peaks`: the right ones are joined first."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def _split(size: int) -> int:
    """Return the largest power of two below ``size``, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_ranges(leaf: int, size: int) -> list[tuple[int, int]]:
    """Return the ranges of leaves whose roots are the audit path of a leaf, from the leaf up (RFC 6962, 2.1.1)."""
    if not 0 <= leaf < size:
        raise ValueError(f"expected a leaf below {size}, found {leaf}")
    path, begin, end = [], 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if leaf < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    return path[::-1]


def consistency_ranges(old: int, size: int) -> list[tuple[int, int]]:
    """Return the ranges whose roots prove that a tree of ``old`` leaves begins one of ``size`` (RFC 6962, 2.1.2)."""
    if not 0 < old <= size:
        raise ValueError(f"expected an older size from 1 to {size}, found {old}")
    path, begin, end, whole = [], 0, size, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin, whole = middle, False
    if not whole:
        path.append((begin, end))
    return path[::-1]


def proof_of(ranges: Iterable[tuple[int, int]], node_of: NodeOf) -> list[bytes]:
    """Return the hashes of a proof from the perfect subtrees."""
    return [fold([node_of(node) for node in peaks(begin, end)]) for begin, end in ranges]


def nodes_of(ranges: Iterable[tuple[int, int]]) -> list[Node]:
    """Return the perfect subtrees that a proof needs."""
    return [node for begin, end in ranges for node in peaks(begin, end)]


def root_from_inclusion(leaf: int, size: int, leaf_hash_: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root that an audit path leads to (RFC 9162, 2.1.3.2). Raises ValueError for a path of wrong length."""
    ranges = inclusion_ranges(leaf, size)
    if len(ranges) != len(path):
        raise ValueError(f"expected {len(ranges)} hashes for leaf {leaf} of {size}, found {len(path)}")
    root = leaf_hash_
    for (begin, _), other in zip(ranges, path, strict=True):
        root = node_hash(root, other) if begin > leaf else node_hash(other, root)
    return root


def consistent(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether the path proves that the tree ``root`` begins with the tree ``old_root`` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old in {0, size}:
        return not path and (old_root == EMPTY_ROOT if old == 0 else old_root == root)
    ranges = consistency_ranges(old, size)
    if len(ranges) != len(path):
        return False
    steps = list(zip(ranges, path, strict=True))
    old_found = found = old_root  # where the old tree is a perfect subtree, its root is where both begin
    if ranges[0][1] == old:
        old_found = found = path[0]
        steps = steps[1:]
    for (begin, _), other in steps:
        if begin >= old:
            found = node_hash(found, other)
        else:
            old_found, found = node_hash(other, old_found), node_hash(other, found)
    return old_found == old_root and found == root


def grown(size: int, frontier: Sequence[bytes], leaves: Iterable[bytes]) -> Iterator[tuple[Node, bytes]]:
    """Yield every perfect subtree of level 1 and more that further leaves complete.

    ``frontier``: the hashes of ``peaks(0, size)``; ``leaves``: hashes by `leaf_hash`.
    """
    stack = list(frontier)
    for number, leaf in enumerate(leaves, start=size):
        stack.append(leaf)
        level, index = 0, number
        while index & 1:
            right, left = stack.pop(), stack.pop()
            level, index = level + 1, index >> 1
            stack.append(node_hash(left, right))
            yield (level, index), stack[-1]
