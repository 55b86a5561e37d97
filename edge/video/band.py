"""The band under a filmed picture: its running number, date and time to the millisecond, and the camera.

It lies outside the picture (GA/T 832). The glyphs are drawn once; a frame's band is put together from them.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from edge.civil_time import to_the_ms

Luma = NDArray[np.uint8]
"""(height, width) uint8, in video range: 16 black to 235 white."""
PAPER: Final = 24
INK: Final = 225
LETTERS: Final = "0123456789abcdefghijklmnopqrstuvwxyzDEMO-:.# "


class Band:
    """The band of one camera's pictures.

    ``width_px`` is that of the picture, even; ``height_px`` follows from it, and is even as well.
    """

    def __init__(self, width_px: int, camera: str, start_ms: int) -> None:
        """Draw the glyphs. ``start_ms`` is the capture time of the footage's first frame, ms since the Unix epoch."""
        size_px = max(8, min(40, width_px // 40))
        self.height_px = 2 * round(size_px * 0.7)
        self.cell_px = round(size_px * 0.62) + 1
        self.glyphs: dict[str, Luma] = {c: _glyph(c, size_px, self.cell_px, self.height_px) for c in LETTERS}
        self._width_px, self._camera, self._start_ms = width_px, camera, start_ms

    def text(self, number: int, t_ms: int) -> str:
        """Return what the band says, in China's time."""
        return f"#{number:07d} {to_the_ms(self._start_ms + t_ms)} {self._camera}"

    def draw(self, number: int, t_ms: int) -> Luma:
        """Return the band, (height_px, width_px) uint8; what does not fit into the width is cut off on the right."""
        row = np.concatenate([self.glyphs[letter] for letter in self.text(number, t_ms)], axis=1)
        band = np.full((self.height_px, self._width_px), PAPER, np.uint8)
        fitting_px = min(self._width_px, row.shape[1])
        band[:, :fitting_px] = row[:, :fitting_px]
        return band


def _glyph(letter: str, size_px: int, cell_px: int, height_px: int) -> Luma:
    image = Image.new("L", (cell_px, height_px), PAPER)
    place = (cell_px / 2, height_px / 2)
    ImageDraw.Draw(image).text(place, letter, fill=INK, font=ImageFont.load_default(size_px), anchor="mm")
    return np.asarray(image, dtype=np.uint8)
