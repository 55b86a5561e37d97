"""The second factor's codes: the RFC's own, one step of drift, each taken once."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.access.totp import STEP_MS, address, code_at, step_of

SECRET = base64.b32encode(b"12345678901234567890").decode()
STEP = 60_000_000


@pytest.mark.parametrize(
    ("at_s", "code"),  # RFC 6238 appendix B, SHA-1, the last 6 of its 8 figures
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_the_codes_are_those_of_rfc_6238(at_s, code):
    assert code_at(SECRET, at_s * 1000) == code


@pytest.mark.parametrize(
    ("story", "of_step", "last_step", "taken"),
    [
        ("of now", STEP, 0, True),
        ("of a phone that is slow", STEP - 1, 0, True),
        ("of a phone that is fast", STEP + 1, 0, True),
        ("a minute old", STEP - 2, 0, False),
        ("of the future", STEP + 2, 0, False),
        ("taken already", STEP, STEP, False),
        ("of before one that was taken", STEP - 1, STEP, False),
        ("of after one that was taken", STEP + 1, STEP, True),
    ],
)
def test_a_code(story, of_step, last_step, taken):
    found = step_of(SECRET, code_at(SECRET, of_step * STEP_MS), STEP * STEP_MS, last_step)
    assert found == (of_step if taken else None)


@given(st.text(max_size=8))
def test_what_is_not_six_figures_is_no_code(text):
    own = code_at(SECRET, STEP * STEP_MS)
    near = {code_at(SECRET, (STEP + drift) * STEP_MS) for drift in (-1, 0, 1)}
    assert (step_of(SECRET, text, STEP * STEP_MS, 0) is not None) == (text in near)
    assert step_of(SECRET, own + "\n", STEP * STEP_MS, 0) is None


def test_the_address_names_user_and_service():
    assert address(SECRET, "王 五") == f"otpauth://totp/lukou:%E7%8E%8B%20%E4%BA%94?secret={SECRET}&issuer=lukou"
