"""Seals the packages of one run of ``lukou watch``, where no box is enrolled: with a key that is made for the run.

The public half is left beside the packages, the private half nowhere: so nobody can add to them later, and whoever
verifies them knows that they are of one run, but not of which device.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge.chain import Link
from edge.clock import NO_REFERENCE
from edge.evidence.package import Package
from edge.evidence.sealing import Seal, close, seal_package
from edge.observations import Violation
from edge.report import Place, act_reported
from edge.signals.timeline import Said

PUBLIC_KEY: Final = "public-key.pem"


class RunSeal:
    """One run's key and chain. The packages of a run before are removed: they are of another chain."""

    def __init__(self, place: Place, root: Path) -> None:
        self._place = place
        self._by = Seal(place.device_id, Ed25519PrivateKey.generate())
        self._link = Link()
        if (root / PUBLIC_KEY).is_file():
            shutil.rmtree(root)
        root.mkdir(parents=True, exist_ok=True)
        pem = self._by.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (root / PUBLIC_KEY).write_bytes(pem)

    def seal(self, violation: Violation, said: Sequence[Said], package: Package) -> None:
        """Close a package and seal it behind the one before."""
        place, at_ms = self._place, self._place.start_ms + violation.confirmed_ms
        act = act_reported(place, violation, said, package.clock_source, NO_REFERENCE, at_ms)
        manifest = seal_package(close(package, act), self._link, self._by, at_ms)
        self._link = self._link.after(manifest.sha256)
