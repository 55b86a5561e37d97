"""The ring is bounded by seconds and bytes, whatever comes; what is pinned outlasts the seconds."""

from hypothesis import given
from hypothesis import strategies as st

from edge.video.ring import PINS_MAX, Coded, GroupRing
from edge.video.spans import Span

STEPS = st.lists(st.tuples(st.integers(1, 3000), st.integers(1, 400), st.booleans()), min_size=1, max_size=120)
"""Pictures: ms after the one before, bytes, whether it stands by itself."""


def seconds(count: int, size_bytes: int = 10) -> list[Coded]:
    """Two pictures a second, the first of each stands by itself."""
    return [Coded(n + 1, n * 500, bytes(size_bytes), n % 2 == 0) for n in range(count * 2)]


def filled(ring: GroupRing, frames: list[Coded]) -> GroupRing:
    for frame in frames:
        ring.add(frame)
    return ring


def all_of(ring: GroupRing) -> list[Coded]:
    return list(ring.frames(Span(-1, 10**9)))


@given(STEPS, st.integers(0, 20_000), st.integers(0, 3000), st.booleans())
def test_the_ring_never_holds_more_than_it_may(steps, ring_ms, bytes_max, pinned):
    ring, t_ms, group_bytes = GroupRing(ring_ms, bytes_max), 0, 0
    if pinned:
        ring.pin((1, "n", 0), [Span(0, 10**6)])
    for number, (step_ms, size_bytes, key) in enumerate(steps, 1):
        t_ms += step_ms
        ring.add(Coded(number, t_ms, bytes(size_bytes), key))
        group_bytes = size_bytes if key else group_bytes + size_bytes
        kept = all_of(ring)
        assert sum(len(frame.data) for frame in kept) == ring.size_bytes
        assert ring.size_bytes <= bytes_max + group_bytes
        assert not kept or kept[0].key  # whatever is cut out of it can be decoded
        assert [frame.number for frame in kept] == sorted(frame.number for frame in kept)
        if not pinned and key:
            groups_from_ms = [frame.t_ms for frame in kept if frame.key]
            assert all(from_ms >= t_ms - ring_ms for from_ms in groups_from_ms[:-1])


def test_a_cut_begins_where_a_picture_stands_by_itself_and_ends_with_the_first_at_its_end():
    ring = filled(GroupRing(60_000, 10_000), seconds(20))
    cut = ring.frames(Span(3_700, 6_200))
    assert [cut[0].t_ms, cut[-1].t_ms] == [3_000, 6_500]
    assert len(cut) == 8


def test_the_seconds_leave_but_for_what_is_pinned_until_it_is_let_go():
    ring = GroupRing(10_000, 10**6)
    filled(ring, seconds(5))
    ring.pin((7, "n", 2_500), [Span(1_200, 3_000)])
    filled(ring, [Coded(f.number + 100, f.t_ms + 5_000, f.data, f.key) for f in seconds(95)])
    assert [frame.t_ms for frame in ring.frames(Span(1_200, 3_000))] == [1_000, 1_500, 2_000, 2_500, 3_000]
    assert len(all_of(ring)) < 2 * 15
    ring.unpin((7, "n", 2_500))
    filled(ring, [Coded(f.number + 900, f.t_ms + 100_000, f.data, f.key) for f in seconds(2)])
    assert ring.frames(Span(1_200, 3_000)) == ()


def test_where_the_bytes_do_not_suffice_what_is_pinned_goes_last_and_is_counted():
    ring = GroupRing(60_000, 100)
    ring.pin((7, "n", 0), [Span(0, 1_900)])
    filled(ring, seconds(10))  # 20 bytes a second: 5 of them may stay
    assert [f.t_ms for f in all_of(ring) if f.key][:2] == [0, 1_000]
    assert ring.pinned_lost == 0
    ring.pin((8, "n", 0), [Span(0, 10**6)])
    filled(ring, [Coded(f.number + 100, f.t_ms + 10_000, f.data, f.key) for f in seconds(5)])
    assert ring.pinned_lost > 0


def test_acts_that_are_never_let_go_are_forgotten():
    ring = GroupRing(1_000, 10**6)
    for track in range(PINS_MAX + 5):
        ring.pin((track, "n", 0), [Span(0, 900)])
    filled(ring, seconds(3))
    assert ring.frames(Span(0, 900)) != ()
    filled(ring, [Coded(f.number + 100, f.t_ms + 400_000, f.data, f.key) for f in seconds(3)])
    assert ring.frames(Span(0, 900)) == ()


def test_a_picture_that_needs_others_is_not_kept_alone():
    ring = filled(GroupRing(1_000, 100), [Coded(1, 0, b"x", False)])
    assert (ring.size_bytes, ring.last_ms) == (0, -1)


def test_what_was_coded_otherwise_is_forgotten():
    ring = filled(GroupRing(60_000, 10_000), seconds(5))
    ring.clear()
    assert (ring.size_bytes, all_of(ring)) == (0, [])
