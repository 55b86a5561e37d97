"""When a camera is no longer believed: a table of how it looks, half a second apart, and the state at the end."""

from dataclasses import replace

import pytest

from contract.words import CameraState
from edge.camera.health import Health, Looks

WELL = Looks(change=2.0, brightness=120.0, contrast=50.0, lit=1.0, focus=1.0, blank=0.0, at_home=0.9, displaced=0.0)
NIGHT = replace(WELL, brightness=20.0, contrast=15.0, lit=0.17, at_home=0.05, focus=0.9)
BLACK = replace(WELL, brightness=2.0, contrast=1.0, lit=0.02, blank=1.0, at_home=0.0, focus=5.0)
COVERED = replace(WELL, blank=0.9, at_home=0.0, focus=0.2)
MOVED = replace(WELL, at_home=0.1, displaced=0.6)
TURNED_AWAY = replace(WELL, at_home=0.02)
LORRY = replace(WELL, at_home=0.2)
BUS = replace(WELL, at_home=0.3)
MOONLESS = replace(NIGHT, blank=0.8, at_home=0.7)
FOG = replace(WELL, blank=0.8, at_home=0.7)
BLURRED = replace(WELL, focus=0.2, at_home=0.7)
FROZEN = replace(WELL, change=0.0)


def after(*stays):
    """Return the state after looks of (looks, seconds)."""
    health, t_ms = Health(), 0
    for looks, seconds in stays:
        for _ in range(round(seconds * 2)):
            health.see(t_ms, looks)
            t_ms += 500
    return health


@pytest.mark.parametrize(
    ("story", "stays", "state"),
    [
        ("all well", [(WELL, 60)], CameraState.OK),
        ("night falls", [(WELL, 10), (NIGHT, 60)], CameraState.OK),
        ("black for 2 s", [(WELL, 10), (BLACK, 2)], CameraState.BLACK),
        ("a bag over it", [(WELL, 10), (COVERED, 2)], CameraState.COVERED),
        ("a bus in front of it for a second", [(WELL, 10), (COVERED, 1), (WELL, 1)], CameraState.OK),
        ("turned", [(WELL, 10), (MOVED, 3)], CameraState.MOVED),
        ("turned and turned back: who knows how exactly", [(WELL, 10), (MOVED, 3), (WELL, 60)], CameraState.MOVED),
        ("shaken by the wind", [(WELL, 10), (MOVED, 1), (WELL, 10)], CameraState.OK),
        ("turned away altogether", [(WELL, 10), (TURNED_AWAY, 6)], CameraState.MOVED),
        (
            "turned away, and the view is back: it was a lorry",
            [(WELL, 9), (TURNED_AWAY, 60), (WELL, 3)],
            CameraState.OK,
        ),
        ("turned away for ten minutes, and back", [(WELL, 9), (TURNED_AWAY, 610), (WELL, 9)], CameraState.MOVED),
        ("a lorry before nearly everything", [(WELL, 10), (LORRY, 6)], CameraState.COVERED),
        ("a bus before half of the view", [(WELL, 10), (BUS, 60)], CameraState.OK),
        ("a dark night: edges are faint, but where they were", [(WELL, 10), (MOONLESS, 60)], CameraState.OK),
        ("thick fog by day", [(WELL, 10), (FOG, 2)], CameraState.COVERED),
        ("moved, and then black", [(WELL, 10), (MOVED, 3), (BLACK, 3)], CameraState.BLACK),
        ("moved, then black, then light again", [(MOVED, 3), (BLACK, 3), (WELL, 3)], CameraState.MOVED),
        ("fog on the glass", [(WELL, 10), (BLURRED, 3)], CameraState.BLURRED),
        ("the same picture again and again", [(WELL, 10), (FROZEN, 4)], CameraState.FROZEN),
        ("wiped, but only just", [(BLURRED, 10), (WELL, 1.5)], CameraState.BLURRED),
        ("wiped, and well since", [(BLURRED, 10), (WELL, 3)], CameraState.OK),
    ],
)
def test_states(story, stays, state):
    assert after(*stays).state is state


def test_no_frames_are_noticed_and_end_when_frames_come_again():
    health = after((WELL, 10))
    health.unseen(12_000, 9_500)
    assert health.state is CameraState.OK
    health.unseen(12_500, 9_500)
    assert (health.state, health.since_ms) == (CameraState.LOST, 12_500)
    for t_ms in range(13_000, 16_000, 500):
        health.see(t_ms, WELL)
    assert health.state is CameraState.OK
    health.unseen(16_000, None)
    assert health.state is CameraState.LOST


@pytest.mark.parametrize(
    ("story", "stays", "sound"),
    [
        ("all well", [(WELL, 10)], True),
        ("a fault that is just beginning to show", [(WELL, 10), (MOVED, 0.5)], False),
        ("nobody moves for a moment", [(WELL, 10), (FROZEN, 1)], True),
        ("frozen", [(WELL, 10), (FROZEN, 4)], False),
        ("moved, and put back", [(WELL, 10), (MOVED, 3), (WELL, 60)], False),
    ],
)
def test_what_may_accuse(story, stays, sound):
    assert after(*stays).sound is sound
