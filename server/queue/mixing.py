"""Where a place stands among those that a query has found, so that one more can lie among them unseen. Pure."""

from collections.abc import Iterable

from server.queue.filters import Place


def order(place: Place) -> tuple[bool, int, int]:
    """Return what the queue is ordered by: what is due first; what has no period last, the oldest act first."""
    return place.undated, place.at_ms, place.case_id


def lies_between(place: Place, after: Place | None, last: Place | None) -> bool:
    """Tell whether a place belongs on a page that begins behind ``after`` and ends with ``last`` (None: the end)."""
    behind = after is None or order(place) > order(after)
    return behind and (last is None or order(place) < order(last))


def behind(left: Place | None, places: Iterable[Place]) -> Place | None:
    """Return the first place behind one, or else the first of all; None where there is none."""
    known = sorted(places, key=order)
    later = [place for place in known if left is not None and order(place) > order(left)]
    return next(iter(later or known), None)


def ahead(left: Place | None, places: Iterable[Place]) -> Place | None:
    """Return the last place before one, or else the last of all; None where there is none."""
    known = sorted(places, key=order)
    earlier = [place for place in known if left is not None and order(place) < order(left)]
    return next(reversed(earlier or known), None)
