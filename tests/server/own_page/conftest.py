"""Two cases with their evidence, a clock, and somebody in front of the pages."""

import pytest
from centre import deliver, make_act
from coming_in import Clock, pages
from leading import TO_CONFIRMED, lead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(service, clock):
    """Case 1 is confirmed, case 2 has only come in."""
    for number in (1, 2):
        deliver(service, make_act(number))
    lead(service, *TO_CONFIRMED)
    with pages(service, clock) as made:
        yield made
