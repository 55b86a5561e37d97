"""The public list as a JSON Feed 1.1 (jsonfeed.org/version/1.1). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.civil_time import beijing


@dataclass(frozen=True, slots=True)
class Line:
    """One public line, in words. ``picture`` is a path, None for a correction."""

    id: str
    published_at_ms: int
    title: str
    text: str
    picture: str | None
    demonstration: bool


def json_feed(lines: Iterable[Line], base_url: str) -> dict[str, object]:
    """Return the feed; ``base_url`` has no slash at its end."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "文明交通红黑榜 · 黑榜",
        "home_page_url": f"{base_url}/list",
        "feed_url": f"{base_url}/list/feed.json",
        "language": "zh-CN",
        "items": [_item(line, base_url) for line in lines],
    }


def _item(line: Line, base_url: str) -> dict[str, object]:
    item: dict[str, object] = {
        "id": line.id,
        "url": f"{base_url}/list#{line.id}",
        "title": line.title,
        "content_text": line.text,
        "date_published": beijing(line.published_at_ms).isoformat(timespec="seconds"),
        "_lukou": {"demonstration": line.demonstration},
    }
    return item if line.picture is None else item | {"image": base_url + line.picture}
