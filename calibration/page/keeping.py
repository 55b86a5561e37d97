"""Where the page keeps a scene: read, written whole or not at all, never over what somebody else wrote meanwhile.

What cannot hold yet is kept beside it as a draft (``scene.draft.yaml``), so that a morning's work on a ladder is not
lost; the draft goes when the scene is saved. The scene that was there before stays as ``scene.yaml.bak``.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from calibration.document import read_document
from calibration.errors import SceneError
from calibration.reader import parse_document

Document = dict[Any, Any]
HEADING = "# Drawn with `lukou calibrate`; docs/formats.md says what each part means.\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies on the disk. ``version`` changes whenever the scene's file does; "" while there is none."""

    document: Document
    version: str
    from_draft: bool = False
    has_comments: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """One scene's files."""

    path: Path

    @property
    def draft(self) -> Path:
        """Return where a scene lies that cannot hold yet."""
        return self.path.with_name(f"{self.path.stem}.draft.yaml")

    def load(self) -> Kept | None:
        """Return the draft where there is one, else the scene, None where there is neither. Raises SceneError."""
        scene = self._bytes(self.path)
        draft = self._bytes(self.draft)
        if draft is not None:
            return Kept(parse_document(draft, str(self.draft)), _version(scene), from_draft=True)
        if scene is None:
            return None
        remarks = [line for line in scene.splitlines() if line.lstrip().startswith(b"#")]
        own = set(HEADING.encode().splitlines())
        return Kept(parse_document(scene, str(self.path)), _version(scene), has_comments=bool(set(remarks) - own))

    def save(self, document: Document, version: str) -> tuple[str, bool]:
        """Write a document: as the scene where it holds, else as the draft.

        Returns:
            The scene file's version after that, and whether it was the scene that was written.

        Raises:
            SceneError: the scene's file is another one than it was, or cannot be written.
        """
        before = self._bytes(self.path)
        if _version(before) != version:
            raise SceneError(str(self.path), ("expected the file that was opened, found another one: open it again",))
        data = (HEADING + _yaml(document)).encode()
        if read_document(parse_document(data, str(self.path)))[0] is None:
            self._write(self.draft, data)
            return version, False
        if before is not None:
            self._write(self.path.with_name(f"{self.path.name}.bak"), before)
        self._write(self.path, data)
        self.draft.unlink(missing_ok=True)
        return _version(data), True

    def discard_draft(self) -> None:
        """Forget the draft; the scene stays as it is."""
        self.draft.unlink(missing_ok=True)

    def _bytes(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SceneError(
                str(path), (f"expected a scene file, found what cannot be read ({error.strerror})",)
            ) from error

    def _write(self, path: Path, data: bytes) -> None:
        part = path.with_name(f"{path.name}.part")
        try:
            part.write_bytes(data)
            part.replace(path)
        except OSError as error:
            raise SceneError(str(path), (f"expected a place to write to, found none ({error.strerror})",)) from error


def _version(data: bytes | None) -> str:
    return "" if data is None else sha256(data).hexdigest()


def _yaml(document: Document) -> str:
    """Return the YAML, a point or a list of numbers on one line."""
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120, default_flow_style=None)
