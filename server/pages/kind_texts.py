"""What each kind of violation is called, measured by and seen in, Chinese first. Pure data."""

from typing import Final

KIND_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "still.before.pedestrian_red_light": ("进入前", "Before entry"),
    "still.entry.pedestrian_red_light": ("进入时", "At entry"),
    "still.advanced.pedestrian_red_light": ("行进中", "Advanced"),
    "still.before.rider_red_light": ("越线前", "Before the line"),
    "still.entry.rider_red_light": ("越线时", "At the line"),
    "still.advanced.rider_red_light": ("行驶中", "Gone on"),
    "still.before.wrong_way": ("逆行前", "Before"),
    "still.entry.wrong_way": ("开始逆行", "Where it began"),
    "still.advanced.wrong_way": ("逆行中", "Against the lane"),
    "still.before.stop_line": ("越线前", "Before the line"),
    "still.entry.stop_line": ("越线时", "At the line"),
    "still.advanced.stop_line": ("停在线外", "Stopped beyond it"),
    "why.pedestrian_red_light": (
        "行人信号灯为红灯时进入人行横道，并在同一红灯期间继续行进。",
        "Entered the crosswalk while its pedestrian signal was red, and advanced during the same red.",
    ),
    "why.rider_red_light": (
        "信号灯为红灯时骑行越过停止线或进入人行横道，并在同一红灯期间继续行驶。",
        "Rode over the stop line or onto the crosswalk while the signal was red, and went on during the same red.",
    ),
    "why.wrong_way": (
        "在车道内逆规定方向骑行，达到距离和时间阈值；推行、掉头和横穿不计。",
        "Rode against the lane's direction over the distance and time below; pushing, turning and crossing are none.",
    ),
    "why.stop_line": (
        "信号灯为红灯时整车越过停止线，并在线外停留；继续前行的按闯红灯处理，不重复计。",
        "The whole vehicle stood beyond the stop line on red; whoever goes on is a rider on red, never both.",
    ),
    "measure.pedestrian_red_light": ("红灯期间行进", "Advanced on red"),
    "measure.rider_red_light": ("红灯期间行驶", "Ridden on red"),
    "measure.wrong_way": ("逆行距离", "Ridden against the lane"),
    "measure.stop_line": ("越线停留", "Stopped beyond the line"),
    "unit.pedestrian_red_light": ("米", "m"),
    "unit.rider_red_light": ("米", "m"),
    "unit.wrong_way": ("米", "m"),
    "unit.stop_line": ("秒", "s"),
    "kind.pedestrian_red_light": ("行人闯红灯", "Pedestrian on red"),
    "kind.rider_red_light": ("非机动车闯红灯", "Rider on red"),
    "kind.wrong_way": ("非机动车逆行", "Riding the wrong way"),
    "kind.stop_line": ("非机动车越线", "Stopped beyond the line"),
}
