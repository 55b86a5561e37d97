"""A device's chain: each package's manifest holds its number and the hash of the manifest before it. Pure.

Whoever takes a package out, puts one in or exchanges one must sign all that came after it anew, with the device's key.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """The place of the next package: its number, and the SHA-256 of the manifest before it (None for the first)."""

    sequence: int = 1
    previous_sha256: str | None = None

    def after(self, manifest_sha256: str) -> "Link":
        """Return the place behind a package whose manifest has this hash."""
        return Link(self.sequence + 1, manifest_sha256)
