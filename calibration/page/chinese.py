"""The reader's and the checks' words in Chinese, for the technician at the crossing. What has no row stays English."""

import re
from typing import Final

ROWS: Final[tuple[tuple[str, str], ...]] = (
    (r"no such (?:section|key), did you mean (?P<near>.+)\?", "没有这一项，是否应为 {near}？"),
    (r"no such (?:section|key)", "没有这一项"),
    (r"is missing", "缺少，必须填写"),
    (r"is empty", "为空"),
    (r"(?P<found>.+), needs 1", "版本 {found} 不对，应为 1"),
    (r"(?P<found>.+), needs true or false", "{found} 不对，应为 true 或 false"),
    (r"needs a text of at most 2000 characters", "应为不超过 2000 字的文字"),
    (r"(?P<found>.+), needs a list", "应为列表，现为 {found}"),
    (r"(?P<found>.+), needs a mapping", "应为键值，现为 {found}"),
    (r"no such rule, needs one of (?P<known>.+)", "没有这条规则，可选：{known}"),
    (r"no such parameter, needs one of (?P<known>.+)", "没有这个参数，可选：{known}"),
    (r"(?P<found>.+), needs names with numbers", "应为参数名和数值，现为 {found}"),
    (r"(?P<found>.+), needs a number from (?P<low>\S+) to (?P<high>\S+)", "应为 {low} 到 {high} 的数，现为 {found}"),
    (r"string should match pattern '\^\[\^\\x00.*', found .+", "应为一行文字，不含换行等控制字符"),
    (r"string should match pattern '.*', found ''", "尚未填写（小写字母、数字和 -）"),
    (
        r"string should match pattern '.*', found (?P<found>.+)",
        "编号 {found} 不合规定：只用小写字母、数字和 -，以字母或数字开头，不超过 63 个字符",
    ),
    (r"string should have at least 1 character.*", "不能为空"),
    (r"string should have at most (?P<most>\d+) characters.*", "不能超过 {most} 个字"),
    (r"input should be a valid string.*", "应为文字"),
    (r"input should be a valid (?:number|integer)(?:, found (?P<found>.+))?", "应为数值，现为 {found}"),
    (r"input should be a finite number.*", "应为有限的数值"),
    (r"input should be greater than or equal to (?P<low>\S+), found (?P<found>.+)", "应不小于 {low}，现为 {found}"),
    (r"input should be greater than (?P<low>\S+), found (?P<found>.+)", "应大于 {low}，现为 {found}"),
    (r"input should be less than or equal to (?P<high>\S+), found (?P<found>.+)", "应不大于 {high}，现为 {found}"),
    (r"input should be (?P<known>'.+), found (?P<found>.+)", "应为 {known} 之一，现为 {found}"),
    (r"input should be a valid boolean, found (?P<found>.+)", "应为 true 或 false，现为 {found}"),
    (r"(?:input should be a valid (?:tuple|list|dictionary)|.*instance of).*", "格式不对"),
    (r"tuple should have at (?:least|most) (?P<size>\d+) items?.*", "应有 {size} 项"),
    (r"needs either px or m", "坐标应为 px 或 m 之一"),
    (
        r"(?P<name>\w+) (?P<span>\[.+\]), needs from < to within 0 to (?P<cycle>\S+)",
        "{span} 应在 0 到 {cycle} 秒内，且先小后大",
    ),
    (r"green_s and yellow_s overlap", "绿灯与黄灯时段重叠"),
    (r"small_people: (?P<found>.+) leaves the picture of (?P<size>.+) px", "区域 {found} 超出画面（{size} 像素）"),
    (r"(?P<found>\d+) points, needs (?P<least>\d)(?: or more)?", "现有 {found} 个点，需要 {least} 个"),
    (r"the (?P<unit>px|m) lie on one line, needs them spread out", "参考点的 {unit} 坐标在一条直线上，应分散开"),
    (r"the reference points fix no plane.*", "参考点太多在一条直线上，定不出路面"),
    (r"the reference points lie on both sides of the horizon.*", "参考点落在地平线两侧：至少有一个点填错了"),
    (r"the reference points are all the same", "参考点全都相同"),
    (r"(?P<found>.+) is taken, needs one of its own", "编号 {found} 已被使用"),
    (r"no signal (?P<found>.+), needs one of signals \((?P<known>.+)\)", "没有信号灯 {found}，可选：{known}"),
    (r"its ends are less than (?P<least>\S+) m apart", "两端相距不到 {least} 米"),
    (r"is in px, needs ground\.points.*", "按像素绘制，需要先有路面参考点"),
    (r"a point lies at or over the horizon.*", "有一个点在地平线上或以上，应全部落在路面上"),
    (r"its edges cross or touch, needs a simple outline", "边线相交，请重画成简单多边形"),
    (r"does not touch the crosswalk, needs the road around it", "车行道范围没有与人行横道相接，应画在其周围"),
    (r"area (?P<found>\S+) m2, needs at least (?P<least>\S+)", "面积 {found} 平方米，太小"),
    (r"expected at least (?P<least>\S+) px a side, found (?P<found>.+) px", "灯区每边至少 {least} 像素，现为 {found}"),
    (
        r"expected the way that the traffic goes, found (?P<found>\S+) of (?P<tracks>\d+) tracks the other way",
        "{tracks} 条轨迹中 {found} 与所画方向相反",
    ),
    (
        r"expected 5 or more, so that the residual can tell a mistake, found (?P<found>\d+)",
        "只有 {found} 个参考点：5 个以上，误差才看得出填错",
    ),
    (
        r"expected a residual of at most (?P<most>\d+) cm, found (?P<found>\d+) cm, at worst (?P<worst>\d+) cm",
        "误差 {found} 厘米（最大 {worst} 厘米），应不超过 {most} 厘米",
    ),
    (
        r"expected a place that fits the others, found (?P<found>\S+) m beside: mistyped\?",
        "与其他点相差 {found} 米：是否填错？",
    ),
    (
        r"expected (?P<low>\S+) to (?P<high>\S+) m across, found (?P<found>\S+) m",
        "长度应为 {low} 到 {high} 米，现为 {found} 米",
    ),
    (
        r"expected (?P<low>\S+) to (?P<high>\S+) m wide \(GB 5768\.3\), found (?P<found>\S+) m",
        "宽度应为 {low} 到 {high} 米（GB 5768.3），现为 {found} 米",
    ),
    (r"expected a place before the camera.*", "有一个角在地平线上或以外，应在镜头前方的路面上"),
    (r"expected a place within the picture.*", "整个区域都在画面之外"),
    (
        r"expected reference points within (?P<most>\S+) m of every corner, found the nearest (?P<found>\d+) m away.*",
        "最近的参考点在 {found} 米外（应在 {most} 米内）：那里的米数只是推算",
    ),
    (
        r"expected the way that people walk, found (?P<found>\d+) degrees beside that of (?P<tracks>\d+) tracks",
        "与 {tracks} 条实际轨迹的方向相差 {found} 度",
    ),
    (r"expected no ground of (?P<other>.+), found (?P<found>\S+) of the smaller one shared", "与 {other} 重叠 {found}"),
    (
        r"expected the picture's size, found (?P<found>.+), but the picture is (?P<size>.+) px",
        "尺寸 {found} 与画面 {size} 像素不符",
    ),
    (r"expected the file that was opened, found another one: open it again", "文件已被别人改动：请重新打开本页"),
    (r"expected a place to write to, found none \((?P<why>.+)\)", "无法写入文件（{why}）"),
)


def chinese(text: str) -> str:
    """Return a remark in Chinese."""
    for pattern, said in ROWS:
        match = re.fullmatch(pattern, text, re.DOTALL)
        if match is not None:
            return said.format(
                **{name: value if value is not None else "" for name, value in match.groupdict().items()}
            )
    return text
