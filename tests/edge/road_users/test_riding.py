import pytest

from edge.road_users.riding import Stance, stance, union

# A person 100 px tall and 40 px wide; x1, y1, x2, y2.
PERSON = (100.0, 100.0, 140.0, 200.0)


@pytest.mark.parametrize(
    ("story", "machine", "expected"),
    [
        ("on a bicycle from the side: the feet above the wheels' line", (85, 150, 165, 215), Stance.ON),
        ("on a motorcycle from behind", (105, 145, 137, 212), Stance.ON),
        ("one box over both, as low as the wheels", (102, 140, 138, 200), Stance.ON),
        ("pushes: beside it, the feet on the ground", (118, 145, 200, 202), Stance.BESIDE),
        ("passes a parked one further away", (150, 120, 190, 160), Stance.APART),
        ("stands before one: it ends higher", (100, 90, 140, 140), Stance.APART),
        ("stands far behind one", (100, 190, 140, 260), Stance.APART),
        ("a box that is none", (120, 150, 120, 215), Stance.APART),
    ],
)
def test_how_person_and_machine_stand(story, machine, expected):
    assert stance(PERSON, machine) is expected


def test_one_box_around_both():
    assert union([PERSON, (85.0, 150.0, 165.0, 215.0)]) == (85.0, 100.0, 165.0, 215.0)
