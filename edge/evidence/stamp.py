"""The stamped picture: the road user marked, and the facts in a band outside the picture (law.md row 6).

The band holds date and time to the millisecond, place, direction, device, violation code and name, the lamp and
since when, and a check code (the first 12 hex digits of the untouched picture's SHA-256).
"""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from contract.words import LampState, StillRole, ViolationKind
from edge.civil_time import to_the_ms
from edge.observations import RoadUser, Violation
from edge.report import Place

BAND_BGR: Final = (16, 16, 16)
INK: Final = (240, 240, 240)
MARK: Final = (255, 64, 64)
CODES: Final = {
    # The national codes and names, of the GA 408.1 family (not verified; the centre's law table is the dated source).
    ViolationKind.PEDESTRIAN_RED_LIGHT: ("3001", "行人不按交通信号灯通行", "pedestrian against the signal"),
    ViolationKind.RIDER_RED_LIGHT: ("2007", "非机动车不按交通信号灯通行", "rider against the signal"),
    ViolationKind.WRONG_WAY: ("2004", "非机动车逆向行驶", "riding the wrong way"),
    ViolationKind.STOP_LINE: ("2019", "非机动车越线停车", "stopped beyond the line"),
}
LAMPS_ZH: Final = {
    LampState.RED: "红灯",
    LampState.GREEN: "绿灯",
    LampState.YELLOW: "黄灯",
    LampState.FLASHING_GREEN: "绿闪",
    LampState.FLASHING_YELLOW: "黄闪",
    LampState.DARK: "灯灭",
    LampState.UNKNOWN: "灯态不明",
}
ROLES_ZH: Final = {StillRole.BEFORE: "进入前", StillRole.ENTRY: "进入时", StillRole.ADVANCED: "行进中"}


@dataclass(frozen=True, slots=True)
class Stamper:
    """Draws stamps with one font; without a font file the band is written in English."""

    font_path: Path | None

    def stamp(self, jpeg: bytes, lines: tuple[str, ...], subject: RoadUser | None) -> bytes:
        """Return a JPEG with the road user framed and ``lines`` in a band below the picture."""
        with Image.open(BytesIO(jpeg)) as opened:
            picture = opened.convert("RGB")
        size_px = max(14, picture.width // 48)
        font = self._font(size_px)
        if subject is not None and subject.box_xyxy_px is not None:
            width_px = max(2, picture.width // 320)
            ImageDraw.Draw(picture).rectangle(subject.box_xyxy_px, outline=MARK, width=width_px)
        wrapped = [part for line in lines for part in _wrap(line, font, picture.width - size_px)]
        line_px = round(size_px * 1.45)
        canvas = Image.new("RGB", (picture.width, picture.height + line_px * len(wrapped) + size_px // 2), BAND_BGR)
        canvas.paste(picture, (0, 0))
        draw = ImageDraw.Draw(canvas)
        for row, text in enumerate(wrapped):
            draw.text((size_px // 2, picture.height + size_px // 4 + row * line_px), text, fill=INK, font=font)
        out = BytesIO()
        canvas.save(out, format="JPEG", quality=92)
        return out.getvalue()

    def _font(self, size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        if self.font_path is None:
            return ImageFont.load_default(size_px)
        return ImageFont.truetype(str(self.font_path), size_px)

    def lines(self, place: Place, violation: Violation, role: StillRole, t_ms: int, jpeg: bytes) -> tuple[str, ...]:
        """Return the band's text, in Chinese where there is a font for it."""
        check = sha256(jpeg).hexdigest()[:12]
        at = to_the_ms(place.start_ms + t_ms)
        lamp_zh, lamp_en = _lamp(place, violation)
        code, zh, en = CODES[violation.kind]
        if self.font_path is None:
            demo = "DEMONSTRATION  " if place.demonstration else ""
            return (
                f"{demo}{at}  {role.value}  site {place.site_id}  camera {place.camera_id}  device {place.device_id}",
                f"{code} {en}  {lamp_en}  check {check}",
            )
        demo = "【演示】" if place.demonstration else ""
        return (
            f"{demo}{at}  {ROLES_ZH[role]}  {place.site_name}  {place.direction}  设备 {place.device_id}",
            f"{code} {zh}  {lamp_zh}  校验码 {check}",
        )


def _lamp(place: Place, violation: Violation) -> tuple[str, str]:
    """Return what the band says of the signal, in Chinese and in English; a wrong way has none."""
    if violation.signal_id is None:
        return "与信号灯无关", "no signal concerned"
    lamp, since_ms = violation.lamp or LampState.UNKNOWN, violation.lamp_since_ms
    since = to_the_ms(place.start_ms + since_ms)[11:] if since_ms is not None else "?"
    return f"进入时{LAMPS_ZH[lamp]}（自 {since}）", f"lamp at entry {lamp.value} since {since}"


def _wrap(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width_px: int) -> list[str]:
    """Break a line where it would leave the picture, at a double space where there is one."""
    rows: list[str] = []
    for part in text.split("  "):
        joined = f"{rows[-1]}  {part}" if rows else part
        if rows and font.getlength(joined) <= width_px:
            rows[-1] = joined
        else:
            rows.append(part)
    return rows
