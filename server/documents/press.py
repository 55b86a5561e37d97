"""Prints a document from its kept data alone: typst, one font, no clock, no network. The same data give the same bytes.

Text of parties reaches a template as JSON in an input and is never code. What the font cannot draw, and what could turn
or hide text (control and direction marks), is printed as 〓 and named at the end of the document.
"""

import json
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import typst
from PIL import ImageFont

from server.civil_time import BEIJING
from server.documents.words import Kind
from server.errors import NotFoundError, PartAwayError, ServerError

FONT_NAME: Final = "NotoSansSC-Regular.ttf"
TEMPLATES: Final = Path(__file__).with_name("templates")
TEMPLATE_VERSION: Final = 1
"""The newest; old ones stay, so that what was issued by them can be printed again."""
STANDARD: Final = "a-2a"
"""Tagged and archivable: ISO 19005-2, level A."""
GETA: Final = "〓"
HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mc", "Me", "Mn", "Zl", "Zp"})
"""Categories that are not printed: they control, turn or hide text, or heap marks upon a letter."""
NOBODY_DRAWS: Final = "\uffff"


class TemplateBrokenError(ServerError):
    """A template and its data do not fit: our own fault."""


class Press:
    """Holds the font and one compiler; a document takes some milliseconds. Safe in threads: one prints at a time."""

    def __init__(self, font: Path) -> None:
        """Load the font. Raises PartAwayError where there is none."""
        try:
            self.font_sha256 = sha256(font.read_bytes()).hexdigest()
            self._drawn = _drawn_by(ImageFont.truetype(str(font), 16))
        except OSError as error:
            raise PartAwayError(f"{font}: expected the font of documents: run `lukou assets pull` ({error})") from error
        self.renderer = f"typst {version('typst')}"
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font.parent])
        self._compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
        self._lock = threading.Lock()  # a compiler that is busy refuses a second thread

    def pdf(self, kind: Kind, template_version: int, data: bytes) -> bytes:
        """Return the PDF/A-2a. Raises NotFoundError (no such template), TemplateBrokenError."""
        (file,) = self._print(kind, template_version, data, None)
        return file

    def pages(self, kind: Kind, template_version: int, data: bytes, ppi: float = 96) -> list[bytes]:
        """Return the pages as PNG. Raises as ``pdf``."""
        return self._print(kind, template_version, data, ppi)

    def _print(self, kind: Kind, template_version: int, data: bytes, ppi: float | None) -> list[bytes]:
        template = TEMPLATES / f"v{template_version}" / f"{kind}.typ"
        if not template.is_file():
            raise NotFoundError(f"there is no template for {kind} of version {template_version}")
        said = json.loads(data)
        text = json.dumps(self._drawable(said), ensure_ascii=False)
        try:
            with self._lock:
                made = self._compiler.compile(
                    input=template,
                    format="pdf" if ppi is None else "png",
                    ppi=ppi,
                    sys_inputs={"data": text},
                    pdf_standards=STANDARD if ppi is None else None,
                    timestamp=_issued(said),
                )
        except typst.TypstError as error:  # its diagnostic may quote the data
            raise TemplateBrokenError(f"{kind}, template {template_version}: {error.message}") from None
        if made is None:
            raise TemplateBrokenError(f"{kind}, template {template_version}: typst returned nothing")
        return made if isinstance(made, list) else [made]

    def _drawable(self, said: dict[str, Any]) -> dict[str, Any]:
        """Return the data with 〓 for what cannot be drawn, and the list of it for the note."""
        rare = [letter for letter in dict.fromkeys(_letters(said)) if not self._drawn(letter)]
        table = str.maketrans(dict.fromkeys(rare, GETA))
        shown: dict[str, Any] = _translated(said, table)
        return shown | {"rare": "、".join(f"U+{ord(letter):04X}" for letter in rare)}


def _drawn_by(font: ImageFont.FreeTypeFont) -> Callable[[str], bool]:
    """Return what tells whether a font draws a letter, and remembers it."""
    nothing = bytes(font.getmask(NOBODY_DRAWS))

    @lru_cache(maxsize=65_536)
    def drawn(letter: str) -> bool:
        if letter == "\n":
            return True
        return unicodedata.category(letter) not in HIDDEN and bytes(font.getmask(letter)) != nothing

    return drawn


def _letters(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from value
    elif isinstance(value, list):
        for item in value:
            yield from _letters(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _letters(item)


def _translated(value: Any, table: Mapping[int, str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, list):
        return [_translated(item, table) for item in value]
    if isinstance(value, dict):
        return {name: _translated(item, table) for name, item in value.items()}
    return value


def _issued(said: dict[str, Any]) -> datetime:
    moment = said["heading"]["issued_at_ms"]
    return datetime.fromisoformat(f"{moment['date']}T{moment['time']}").replace(tzinfo=BEIJING)
