"""What a Range header asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.console.byte_range import Bytes, asked_for

WHOLE = Bytes(0, 100, whole=True)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, WHOLE),
        ("", WHOLE),
        ("bytes=0-", Bytes(0, 100)),
        ("bytes=0-0", Bytes(0, 1)),
        ("bytes=10-19", Bytes(10, 20)),
        ("bytes=90-1000", Bytes(90, 100)),
        ("bytes=-10", Bytes(90, 100)),
        ("bytes=-1000", Bytes(0, 100)),
        ("bytes=100-", None),
        ("bytes=-0", None),
        ("bytes=20-10", WHOLE),
        ("bytes=-", WHOLE),
        ("bytes=0-1,5-6", WHOLE),
        ("lines=0-1", WHOLE),
        ("bytes=a-b", WHOLE),
        (f"bytes={'9' * 100}-", WHOLE),
    ],
)
def test_the_bytes_of_a_header(header, expected):
    assert asked_for(header, 100) == expected


@given(st.text(max_size=30) | st.from_regex(r"bytes=\d{0,4}-\d{0,4}", fullmatch=True), st.integers(0, 2000))
def test_no_header_asks_for_what_is_not_there(header, size_bytes):
    found = asked_for(header, size_bytes)
    if found is not None:
        assert 0 <= found.start <= found.end <= size_bytes
        assert found.whole or found.start < found.end
