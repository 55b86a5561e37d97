"""QR codes as SVG within a page: attributes only, no style, so that the strict Content-Security-Policy lets them be."""

import segno
from markupsafe import Markup


def qr_svg(text: str) -> Markup:
    """Return a QR code (ISO/IEC 18004, level M) with its quiet zone, black on white."""
    svg = segno.make(text, error="m", micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return Markup(svg)  # noqa: S704 - segno writes figures and fixed words alone
