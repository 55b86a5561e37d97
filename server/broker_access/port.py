"""What the centre asks of a broker's access control, and the adapter for a broker that somebody else manages."""

from typing import Protocol

from server.broker_access.rights import Box


class BrokerAccess(Protocol):
    """Opens the broker to a box and shuts it out. Each answers whether the broker has been told.

    What could not be told is told again: from the register, at the next connection; a password, when its box asks.
    """

    def start(self) -> None:
        """Begin to connect, for as long as it takes."""

    def stop(self) -> None:
        """Leave the broker."""

    def admit(self, box: Box, token: str) -> bool:
        """Let a box in with its token for a password, and end whatever it was let in by before."""

    def shut_out(self, device_id: str) -> bool:
        """End a box's connection and let it in no more."""


class ManagedElsewhere:
    """`LUKOU_BROKER_ACCESS=none`: the broker's users are not the centre's business."""

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def admit(self, box: Box, token: str) -> bool:  # noqa: ARG002 - the port's
        """Do nothing."""
        return True

    def shut_out(self, device_id: str) -> bool:  # noqa: ARG002 - the port's
        """Do nothing."""
        return True
