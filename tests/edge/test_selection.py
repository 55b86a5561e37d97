import pytest

from contract.words import RoadUserKind, StillRole, ViolationKind
from edge.observations import Observation, RoadUser, Violation
from edge.selection import Moment, moments

VIOLATION = Violation(ViolationKind.PEDESTRIAN_RED_LIGHT, 1, "n", "ped", 2100, 4000, 3.1, RoadUserKind.PEDESTRIAN)


def at(t_ms: int, y_m: float | None) -> Observation:
    users = () if y_m is None else (RoadUser(1, RoadUserKind.PEDESTRIAN, 0.0, y_m),)
    return Observation(t_ms, users)


BEFORE, ENTRY, ADVANCED = StillRole.BEFORE, StillRole.ENTRY, StillRole.ADVANCED


@pytest.mark.parametrize(
    ("story", "kept", "expected"),
    [
        (
            "the last picture before entry from which the way is visible, the first inside, the last of all",
            [at(1000, -2), at(1600, -0.8), at(2000, -0.1), at(2200, 0.1), at(3000, 1.5), at(4000, 3.1)],
            [Moment(BEFORE, 1600), Moment(ENTRY, 2200), Moment(ADVANCED, 4000)],
        ),
        (
            "stood at the kerb: the earliest picture there is",
            [at(1000, -0.1), at(2000, -0.1), at(2200, 0.1), at(4000, 3.1)],
            [Moment(BEFORE, 1000), Moment(ENTRY, 2200), Moment(ADVANCED, 4000)],
        ),
        (
            "not seen before entry: two pictures, and none is invented",
            [at(2000, None), at(2200, 0.1), at(4000, 3.1)],
            [Moment(ENTRY, 2200), Moment(ADVANCED, 4000)],
        ),
        ("one picture serves once", [at(4000, 3.1)], [Moment(ENTRY, 4000)]),
        ("never pictured", [at(4000, None)], []),
    ],
)
def test_the_three_stills(story, kept, expected):
    assert list(moments(kept, VIOLATION)) == expected
