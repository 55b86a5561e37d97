"""What a box keeps when its disk fills, as a table; and what must hold whatever its disk looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.words import DiskState
from edge.civil_time import DAY_MS
from edge.disk_policy import Kept, Leaving, Limits, Stored, Use, Why, leaving, share, state_of

MANIFEST = "manifest.json"
LIMITS = Limits(budget_bytes=1000, free_min_bytes=50)
NOW_MS = 100 * DAY_MS
OK, CLIPS, FULL = DiskState.OK, DiskState.CLIPS_STOPPED, DiskState.FULL


@pytest.mark.parametrize(
    ("story", "used", "video", "free", "before", "state"),
    [
        ("an empty box", 0, 0, 9000, OK, OK),
        ("below the first mark", 890, 0, 9000, OK, OK),
        ("no new clips", 900, 0, 9000, OK, CLIPS),
        ("no new packages", 980, 0, 9000, OK, FULL),
        ("over the budget", 2000, 0, 9000, OK, FULL),
        ("somebody else has filled the disk", 100, 0, 50, OK, FULL),
        ("little is free, but raw video gives way", 100, 9000, 60, OK, OK),
        ("little is free, and nothing gives way", 500, 0, 60, OK, FULL),
        ("the disk is smaller than the budget", 92, 0, 58, OK, CLIPS),
        ("a little below the mark of before", 890, 0, 9000, CLIPS, CLIPS),
        ("well below it", 870, 0, 9000, CLIPS, OK),
        ("full, and a little better", 970, 0, 9000, FULL, FULL),
        ("full, and better", 950, 0, 9000, FULL, CLIPS),
        ("full, and well again", 100, 0, 9000, FULL, OK),
    ],
)
def test_what_is_still_kept(story, used, video, free, before, state):
    assert state_of(Use(used, video, free), LIMITS, before) is state


def package(name: str, *, done_days_ago: float | None, refused: bool = False, uploaded: bool = True) -> Stored:
    done_at_ms = None if done_days_ago is None else NOW_MS - round(done_days_ago * DAY_MS)
    files = tuple(Kept(f, size, uploaded) for f, size in ((MANIFEST, 10), ("entry.jpg", 20), ("clip.mp4", 100)))
    return Stored(name, refused, done_at_ms, files)


OLD = package("old", done_days_ago=8)
NEW = package("new", done_days_ago=1)
NEWER = package("newer", done_days_ago=0.5)
REFUSED = package("refused", done_days_ago=50, refused=True, uploaded=False)
WAITING = package("waiting", done_days_ago=None, uploaded=False)
HALF = Stored(
    "half", False, None, (Kept(MANIFEST, 10, True), Kept("entry.jpg", 20, False), Kept("clip.mp4", 100, True))
)


@pytest.mark.parametrize(
    ("story", "used", "stored", "goes"),
    [
        ("nothing is here", 999, [], []),
        ("what waits stays, however full it is", 5000, [WAITING], []),
        ("what was delivered a week ago goes, but its manifest", 100, [OLD], ["old/entry.jpg", "old/clip.mp4"]),
        ("what was delivered yesterday stays", 799, [NEW, NEWER], []),
        ("at 80 % the oldest clip goes that the centre has", 850, [NEW, NEWER], ["new/clip.mp4"]),
        ("and the next, if need be", 950, [NEW, NEWER], ["new/clip.mp4", "newer/clip.mp4"]),
        ("and then nothing else", 5000, [NEW, WAITING], ["new/clip.mp4"]),
        ("a refused event's clip goes, its pictures stay", 5000, [REFUSED], ["refused/clip.mp4"]),
        ("a refused event stays as long as there is room", 100, [REFUSED], []),
        ("a clip that came before its pictures goes as well", 5000, [HALF], ["half/clip.mp4"]),
        ("what goes by age makes the room", 850, [OLD, NEW], ["old/entry.jpg", "old/clip.mp4"]),
    ],
)
def test_what_leaves_the_box(story, used, stored, goes):
    gone = leaving(Use(used, 0, 10_000), LIMITS, stored, NOW_MS, MANIFEST)
    assert [f"{each.event_id}/{each.file.name}" for each in gone] == goes


def test_it_is_said_why():
    gone = leaving(Use(5000, 0, 10_000), LIMITS, [OLD, NEW, REFUSED], NOW_MS, MANIFEST)
    assert {each.event_id: each.why for each in gone} == {
        "old": Why.DELIVERED,
        "new": Why.CLIP_DELIVERED,
        "refused": Why.CLIP_REFUSED,
    }


SIZES = st.integers(0, 10_000)
USES = st.builds(Use, SIZES, SIZES, SIZES)
BOUNDS = st.builds(Limits, st.integers(1, 10_000), st.integers(0, 1000), st.integers(0, 10 * DAY_MS))
NAMES = st.lists(st.sampled_from([MANIFEST, "entry.jpg", "clip.mp4", "act.json"]), unique=True).map(tuple)
STORED = st.lists(
    st.builds(
        lambda refused, done, names, up: Stored(
            "e", refused, done, tuple(Kept(name, 100, uploaded) for name, uploaded in zip(names, up, strict=False))
        ),
        st.booleans(),
        st.none() | st.integers(0, NOW_MS),
        NAMES,
        st.lists(st.booleans(), min_size=4, max_size=4),
    ),
    max_size=8,
).map(lambda found: [Stored(f"e{n}", s.refused, s.done_at_ms, s.files) for n, s in enumerate(found)])


@given(USES, BOUNDS, STORED)
def test_nothing_undelivered_and_no_manifest_ever_leaves(use, limits, stored):
    by_id = {each.event_id: each for each in stored}
    gone = leaving(use, limits, stored, NOW_MS, MANIFEST)
    for each in gone:
        owner = by_id[each.event_id]
        assert each.file.name != MANIFEST
        assert each.file.uploaded or owner.refused
        assert not owner.refused or each.file.name == "clip.mp4"
    assert len({(each.event_id, each.file.name) for each in gone}) == len(gone)


@given(USES, BOUNDS, STORED)
def test_no_more_leaves_for_want_of_room_than_it_takes(use, limits, stored):
    gone = leaving(use, limits, stored, NOW_MS, MANIFEST)
    for_room: list[Leaving] = [each for each in gone if each.why is not Why.DELIVERED]
    if for_room:
        freed = sum(each.file.size_bytes for each in gone) - for_room[-1].file.size_bytes
        before_the_last = Use(max(0, use.used_bytes - freed), use.video_bytes, use.free_bytes + freed)
        assert share(before_the_last, limits) >= 0.8


@given(USES, BOUNDS, st.sampled_from(DiskState), st.integers(0, 1000))
def test_more_use_never_keeps_more(use, limits, before, more):
    order = [OK, CLIPS, FULL]
    fuller = Use(use.used_bytes + more, use.video_bytes, use.free_bytes)
    emptier = Use(use.used_bytes, use.video_bytes, use.free_bytes + more)
    state = order.index(state_of(use, limits, before))
    assert order.index(state_of(emptier, limits, before)) <= state
    if use.used_bytes + use.video_bytes + use.free_bytes - limits.free_min_bytes >= limits.budget_bytes:
        assert order.index(state_of(fuller, limits, before)) >= state


@given(USES, BOUNDS, st.sampled_from(DiskState))
def test_a_state_that_was_said_is_said_again_of_the_same_disk(use, limits, before):
    state = state_of(use, limits, before)
    assert state_of(use, limits, state) is state
