"""What the clip of an act shows."""

import pytest

from edge.video.spans import shown


@pytest.mark.parametrize(
    ("story", "entered_ms", "confirmed_ms", "spans"),
    [
        ("a walk over the crosswalk", 20_000, 23_000, [(15_000, 28_000)]),
        ("an act at the beginning of the footage reaches before it", 2_000, 4_000, [(-3_000, 9_000)]),
        ("half a minute is shown whole", 20_000, 50_000, [(15_000, 55_000)]),
        (
            "a long wait beyond the line: both its ends",
            20_000,
            110_000,
            [(15_000, 30_000), (100_000, 115_000)],
        ),
    ],
)
def test_a_clip_shows(story, entered_ms, confirmed_ms, spans):
    assert list(shown(entered_ms, confirmed_ms)) == spans
