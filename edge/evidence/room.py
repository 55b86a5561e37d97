"""Whether the disk has room for what is kept: a port (edge.disk on a box), and the answer where nobody asks."""

from typing import Protocol


class Room(Protocol):
    """Says what the disk still has room for (edge.disk)."""

    def may_clip(self) -> bool:
        """Tell whether a new clip is kept."""
        ...

    def may_package(self) -> bool:
        """Tell whether a new package is kept."""
        ...


class RoomEnough:
    """No limit: `lukou watch` ends where its disk ends."""

    def may_clip(self) -> bool:
        """Yes."""
        return True

    def may_package(self) -> bool:
        """Yes."""
        return True
