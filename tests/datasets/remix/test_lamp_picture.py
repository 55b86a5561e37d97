"""What the drawn lamp shows, by its pixels."""

import numpy as np
import pytest

from contract.words import LampState
from datasets.remix.lamp_picture import draw_lamp, lit

LAMP = (60, 40, 14, 30)


def halves(colour):
    picture = np.full((120, 160, 3), 100, np.uint8)
    draw_lamp(picture, LAMP, colour)
    x, y, width, height = LAMP
    upper, lower = picture[y : y + height // 2, x : x + width], picture[y + height // 2 : y + height, x : x + width]
    return [half.reshape(-1, 3).astype(int) for half in (upper, lower)], picture


@pytest.mark.parametrize(
    ("colour", "half", "channel"), [(LampState.RED, 0, 2), (LampState.GREEN, 1, 1)], ids=["red above", "green below"]
)
def test_one_figure_is_lit(colour, half, channel):
    (shown, picture) = halves(colour)
    others = [c for c in range(3) if c != channel]
    brightest = shown[half][shown[half].sum(axis=1).argmax()]
    assert brightest[channel] > 240
    assert shown[half][:, channel].mean() > 1.5 * shown[half][:, others].mean()
    assert shown[1 - half].max() < 160
    assert (picture[:20] == 100).all()


def test_a_dark_lamp_is_dark():
    shown, _ = halves(None)
    assert max(half.max() for half in shown) < 70


@pytest.mark.parametrize(
    ("state", "after_ms", "expected"),
    [
        (LampState.RED, 300, LampState.RED),
        (LampState.GREEN, 700, LampState.GREEN),
        (LampState.FLASHING_GREEN, 400, LampState.GREEN),
        (LampState.FLASHING_GREEN, 500, None),
        (LampState.FLASHING_GREEN, 1000, LampState.GREEN),
    ],
)
def test_what_shines(state, after_ms, expected):
    assert lit(state, 8000 + after_ms, 8000) is expected
