"""Seals the packages of one run of ``lukou watch``, where no box is enrolled: with a key that is made for the run.

The private half is written nowhere: so nobody can add to the packages later, and whoever verifies them knows that they
are of one run, but not of which device.
"""

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.chain import Link
from edge.clock import PROVED_BY_NOBODY
from edge.evidence.package import Package
from edge.evidence.sealing import Seal, close, seal_package
from edge.observations import Violation
from edge.report import Place, act_reported
from edge.signals.timeline import Said


class RunSeal:
    """One run's key and chain."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._by = Seal(place.device_id, Ed25519PrivateKey.generate())
        self._link = Link()

    @property
    def chain(self) -> str:
        """Return the name of the run's key."""
        return self._by.chain

    def seal(self, violation: Violation, said: Sequence[Said], package: Package) -> None:
        """Close a package and seal it behind the one before."""
        place, at_ms = self._place, self._place.start_ms + violation.confirmed_ms
        act = act_reported(place, violation, said, package.clock_source, PROVED_BY_NOBODY, at_ms)
        manifest = seal_package(close(package, act), self._link, self._by, at_ms)
        self._link = self._link.after(manifest.sha256)
