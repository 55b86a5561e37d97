"""The tables of what boxes say of themselves: the newest heartbeat of each camera, and whether a box is online."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class CameraHeard(Base):
    """The newest heartbeat of one camera. ``body`` is a ``contract.messages.Heartbeat`` as JSON."""

    __tablename__ = "cameras_heard"

    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    camera_id: Mapped[str] = mapped_column(primary_key=True)
    sent_at_ms: Mapped[int]
    body: Mapped[str]


class BoxPresence(Base):
    """Whether one box is online, by its newest connection. ``since_ms``: a last will's is when it came."""

    __tablename__ = "box_presences"

    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    connection: Mapped[int]
    is_online: Mapped[bool]
    since_ms: Mapped[int]
    by_itself: Mapped[bool]
    """False where the broker said it by the box's last will: it was cut off."""
