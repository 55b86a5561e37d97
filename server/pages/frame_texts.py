"""The words around every page: the way past the menu, the menu's groups, the zone of its times. Pure data."""

from typing import Final

FRAME_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "frame.skip": ("跳到正文", "Skip to the content"),
    "frame.menu": ("主菜单", "Main menu"),
    "frame.operation": ("运行", "Operation"),
    "frame.you": ("本人", "You"),
    "frame.zone": ("页面上的时间均为北京时间（UTC+8）。", "All times are China Standard Time (UTC+8)."),
    "frame.actions": ("操作", "Actions"),
}
