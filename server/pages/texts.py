"""Every text of the pages, Chinese first, English beside it. Pure data and its look-up."""

from typing import Final, Literal

from server.pages.access_texts import ACCESS_TEXTS
from server.pages.care_texts import CARE_TEXTS
from server.pages.case_texts import CASE_TEXTS
from server.pages.device_texts import DEVICE_TEXTS
from server.pages.frame_texts import FRAME_TEXTS
from server.pages.kind_texts import KIND_TEXTS
from server.pages.ledger_desk_texts import LEDGER_DESK_TEXTS
from server.pages.ledger_texts import LEDGER_TEXTS
from server.pages.own_texts import OWN_TEXTS
from server.pages.paper_texts import PAPER_TEXTS
from server.pages.procedure_texts import PROCEDURE_TEXTS
from server.pages.queue_texts import QUEUE_TEXTS
from server.pages.retention_texts import RETENTION_TEXTS

Language = Literal["zh", "en"]
PAGE_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "title": ("路口 · 交通违法审核", "lukou · review of traffic violations"),
    "demo.banner": (
        "演示：斑马线和信号灯是虚拟的，画在公开的测试录像上；录像中的人没有违法。",
        "Demonstration: the crosswalk and its signal are virtual, drawn over public footage; nobody broke a rule.",
    ),
    "login": ("登录", "Log in"),
    "login.name": ("用户名", "User name"),
    "login.password": ("密码", "Password"),
    "login.failed": ("用户名或密码不对。", "Name and password do not fit."),
    "logout": ("退出", "Log out"),
    "refused": ("拒收事件", "Refused events"),
    "refused.none": ("没有拒收的事件。", "No event has been refused."),
    "held": ("暂扣事件", "Held back"),
    "held.note": (
        "已收到并保存证据，但不能立案：时钟、清单或编号链不可信（GA/T 832-2014：误差不超过 1.0 秒）。",
        "Received and kept with its evidence, but it makes no case: its clock, its manifest or its chain cannot be "
        "believed (GA/T 832-2014: at most 1.0 s off).",
    ),
    "held.none": ("没有暂扣的事件。", "Nothing is held back."),
    "held.clock": ("时钟不可信", "the clock"),
    "held.manifest": ("证据清单不符", "the manifest"),
    "held.chain": ("编号链断裂", "the chain"),
    "held.case": ("证据不可信，不能确认", "Held back: it cannot be confirmed"),
    "held.no_case": ("未立案", "no case"),
    "delivery": ("送达情况", "Delivery"),
    "delivery.note": (
        "每台设备的事件从 1 起连续编号；缺号会一直列在这里，直到补齐。",
        "Each device numbers its events from 1 without a gap; a number that is missing stands here until it has come.",
    ),
    "delivery.device": ("设备", "Device"),
    "delivery.chain": ("密钥链", "Key's chain"),
    "delivery.old_key": ("旧密钥", "former key"),
    "delivery.highest": ("最大编号", "Highest"),
    "delivery.here": ("已入库", "Here"),
    "delivery.missing": ("缺失", "Missing"),
    "delivery.doubled": ("重复入库", "Doubled"),
    "delivery.again": ("重复送达", "Came again"),
    "delivery.last": ("最近到达", "Last came"),
    "delivery.sum": ("合计：缺失 %s，重复入库 %s", "In all: %s missing, %s doubled"),
    "delivery.none": ("尚无设备送来事件。", "No device has sent an event yet."),
    "public": ("公示榜", "Public list"),
    "case": ("案件", "Case"),
    "number": ("编号", "Number"),
    "site": ("地点", "Site"),
    "kind": ("违法行为", "Violation"),
    "entered": ("进入时间", "Entered"),
    "state": ("状态", "State"),
    "evidence": ("证据", "Evidence"),
    "evidence.complete": ("齐全", "whole"),
    "evidence.waiting": ("传输中", "on its way"),
    "evidence.note": (
        "每次查看都重新核对 SHA-256；被改动的文件不显示。",
        "Every file is checked against its SHA-256 at each view; a changed file is not shown.",
    ),
    "evidence.files": ("全部文件", "All files"),
    "clip": (
        "录像：进入前 5 秒至前行后 5 秒，逐帧编号计时",
        "Clip: from 5 s before the entry to 5 s after the advance, each frame numbered and timed",
    ),
    "crop": (
        "当事人（原图裁切，未做人脸识别）",
        "The road user, cut out of the untouched picture; no face is searched",
    ),
    "further": ("同一行为的其他记录", "The same act, seen again"),
    "further.note": (
        "同一路口的另一摄像机（或另一条轨迹）在相同时间、相同位置记录到同一行为：一个行为只立一案（行政处罚法 29）。",
        "Another camera of the site, or another track, has told of the same act: one act is one case (APL 29).",
    ),
    "further.seen_by": ("另有记录，摄像机", "also seen by camera"),
    "further.part": ("不是同一人，另立一案", "This is another person: a case of its own"),
    "further.parted": ("已另立一案", "Now a case of its own"),
    "further.late": ("结案后到达", "came after the decision"),
    "further.rejected": ("驳回之后到达的同一行为记录", "Reports that came after their case was rejected"),
    "further.count": ("同一行为的其他记录（未另立案）", "Further reports of an act that has its case"),
    "hand_off": ("现场指挥开关", "Hand-off switch"),
    "hand_off.note": (
        "交警现场指挥时以交警指挥为准（道交法 38）；道路施工或路口停用时可暂停立案。"
        "开关打开期间，该路口不对任何人立案；到时自动解除。",
        "An officer's direction overrides the light (Road Traffic Safety Law 38); road works or a suspended site may "
        "pause accusations. While set, nobody is accused at the site. It ends by itself.",
    ),
    "hand_off.set.directed": ("指挥中，不立案", "an officer directs: nobody is accused"),
    "hand_off.set.paused": ("暂停立案", "paused: nobody is accused"),
    "hand_off.cause": ("原因", "Cause"),
    "hand_off.cause.directed": ("交警现场指挥（最长 24 小时）", "an officer directs the traffic (24 hours at most)"),
    "hand_off.cause.paused": ("道路施工或路口停用（最长 31 天）", "road works, suspended site (31 days at most)"),
    "hand_off.day": ("结束日期（不填：下一个该时刻）", "On the day (empty: the next such time)"),
    "hand_off.released": ("未打开，正常立案", "released"),
    "hand_off.over": ("已到时自动解除", "ended by itself"),
    "hand_off.until": ("至", "until"),
    "hand_off.end": ("结束时间（不填：到午夜）", "Until (empty: midnight)"),
    "hand_off.heard": ("设备已收到", "the box has it"),
    "hand_off.not_heard": ("设备尚未确认", "the box has not confirmed it"),
    "hand_off.do_set": ("打开开关", "Set the switch"),
    "hand_off.do_release": ("关闭开关", "Release the switch"),
    "hand_off.no_site": ("尚无登记的路口。", "No site is enrolled."),
    "hand_off.case.directed": (
        "行为发生时交警正在现场指挥（道交法 38）：信号灯不作为依据。",
        "An officer was directing the traffic at the time of the act: the light is no ground for it.",
    ),
    "hand_off.case.paused": (
        "行为发生时该路口已暂停立案（道路施工或路口停用）。",
        "Accusations were paused at the site at the time of the act: road works, or a suspended site.",
    ),
    "box.online": ("在线", "online"),
    "box.left": ("已正常离线", "offline: it has left by itself"),
    "box.cut_off": ("离线：连接中断", "offline: it was cut off"),
    "box.camera": ("摄像机", "Camera"),
    "box.frames": ("画面（未处理）", "Frames (-dropped)"),
    "box.signals_unknown": ("信号灯未知时长", "Signals unknown for"),
    "box.clock": ("时钟", "Clock"),
    "box.disk": ("磁盘（已用 + 剩余）", "Disk (used + free)"),
    "box.temperature": ("温度", "Temperature"),
    "box.queue": ("待上报事件 + 文件（最早）", "Waiting events + files (the oldest)"),
    "box.refused": ("被拒事件", "Events refused"),
    "box.not_kept": ("缺帧 / 磁盘满未存 / 未播提示", "Not in clips / not kept / not said"),
    "box.runs": ("运行时间，重启次数", "Runs for, restarts"),
    "box.software": ("软件版本", "Software"),
    "camera.ok": ("正常", "ok"),
    "camera.lost": ("无画面", "lost"),
    "camera.black": ("黑屏", "black"),
    "camera.covered": ("被遮挡", "covered"),
    "camera.moved": ("已移位，需重新标定", "moved: calibrate it again"),
    "camera.blurred": ("模糊", "blurred"),
    "camera.frozen": ("画面冻结", "frozen"),
    "clock.valid": ("可信", "valid"),
    "clock.invalid": ("不可信", "invalid"),
    "disk.ok": ("正常", "ok"),
    "disk.clips_stopped": ("已停止录制片段", "no new clips"),
    "disk.full": ("已满，不再存证", "full: nothing new is kept"),
    "statistics": ("统计", "Statistics"),
    "statistics.note": (
        "各项均由数据库实时计数；比率附样本量和 95% 威尔逊区间。不按处罚数量排名（行政处罚法 74）。",
        "Counted from the database now; each rate with its sample and Wilson's 95 % interval. No ranking by fines.",
    ),
    "statistics.cases": ("案件（按行为）", "Cases by kind"),
    "statistics.yields": (
        "礼让率（机动车在人行横道礼让行人）",
        "Yield rate: vehicles that met somebody at a crosswalk",
    ),
    "statistics.no_yields": ("尚无礼让记录。", "No meeting has been counted yet."),
    "statistics.all": ("合计", "all"),
    "crosswalk": ("人行横道", "Crosswalk"),
    "user": ("车辆", "Vehicle"),
    "user.car": ("小客车", "car"),
    "user.bus": ("公交客车", "bus"),
    "user.truck": ("货车", "truck"),
    "met": ("相遇次数", "Meetings"),
    "yielded": ("礼让次数", "Yielded"),
    "rate": ("礼让率", "Rate"),
    "interval": ("95% 区间", "95 % interval"),
    "count": ("数量", "Count"),
    "why": ("为什么生成此案", "Why this case was created"),
    "why.rule": ("规则", "Rule"),
    "why.reason": ("理由", "Reason"),
    "why.no_lamp": ("与信号灯无关", "no signal is concerned"),
    "why.threshold": ("阈值", "Thresholds"),
    "why.lamp": ("进入时信号", "Signal at entry"),
    "why.since": ("自", "since"),
    "why.age": ("距最后信息", "last word before"),
    "why.track": ("轨迹", "Track"),
    "why.device": ("设备", "Device"),
    "why.versions": ("版本", "Versions"),
    "law": ("法律依据", "Law"),
    "law.unverified": ("未核实", "not verified"),
    "law.verified": ("已核实", "verified"),
    "law.none": ("行为当日无适用条目（请核对设备时钟）", "no entry for the day of the act (look at the box's clock)"),
    "law.fining_off": ("本代码未开启罚款", "fining is not switched on for this code"),
    "amount": ("罚款", "Fine"),
    "history": ("处理记录", "History"),
    "steps": ("处理", "What to do"),
    "reason": ("理由", "Reason"),
    "basis": ("认定依据", "Basis"),
    "age": ("年龄", "Age"),
    "days": ("公示天数", "Days on the list"),
    "choose": ("请选择", "choose"),
    "act.publish": ("批准公示", "Approve for the public list"),
    "act.next": ("下一案", "Next case"),
    "act.published": ("已公示", "On the public list"),
    "act.withdrawn": ("已撤下", "Withdrawn"),
    "basis.shown_on_site": ("现场出示证件", "Document shown on site"),
    "basis.self_report": ("本人承认", "Self-report"),
    "basis.rider_code": ("骑手码", "Rider code"),
    "basis.plate": ("号牌（并经人员确认）", "Plate, and the person confirmed"),
    "basis.demonstration": ("演示（虚构当事人）", "Demonstration (no real party)"),
    "age.adult": ("成年", "Adult"),
    "age.minor_14_17": ("14 至 17 岁", "14 to 17"),
    "age.under_14": ("不满 14 岁", "Under 14"),
    "age.unknown": ("不明", "Unknown"),
    "source.lamp": ("灯具图像", "Lamp in the picture"),
    "source.feed": ("信号机数据", "Controller's feed"),
    "source.wire": ("信号检测器", "Signal detector"),
    "source.plan": ("配时方案", "Fixed plan"),
    "source.file": ("信号记录", "Recorded file"),
    "lamp.red": ("红灯", "red"),
    "lamp.green": ("绿灯", "green"),
    "lamp.yellow": ("黄灯", "yellow"),
    "lamp.flashing_green": ("绿闪", "flashing green"),
    "lamp.flashing_yellow": ("黄闪", "flashing yellow"),
    "lamp.dark": ("灯灭", "dark"),
    "lamp.unknown": ("不明", "unknown"),
    "sanction.fine": ("罚款", "Fine"),
    "sanction.warn": ("警告", "Warning"),
    "sanction.educate": ("教育", "Education"),
    "list.title": ("文明交通红黑榜 · 黑榜", "Red and black list · black"),
    "list.intro": (
        "只公示已生效的决定；人脸遮挡，不公布姓名；到期自动撤下。",
        "Only decisions that stand are shown; faces are masked and no name is given; every line ends by itself.",
    ),
    "list.empty": ("目前没有公示。", "Nothing is listed now."),
    "list.until": ("公示至", "Listed until"),
    "list.withdrawn": ("更正：此条已撤下。原因", "Correction: this line was withdrawn. Reason"),
    "list.feed": ("JSON 订阅", "JSON Feed"),
    "demo.mark": ("演示", "Demonstration"),
    "time": ("时间", "Time"),
    "topic": ("主题", "Topic"),
    "detail": ("说明", "Detail"),
    "who": ("谁", "Who"),
    "what": ("何事", "What"),
    "error": ("未能完成", "That did not work"),
    "back": ("返回", "Back"),
    "language": ("English", "中文"),
}
TEXTS: Final = (
    PAGE_TEXTS
    | ACCESS_TEXTS
    | CASE_TEXTS
    | KIND_TEXTS
    | LEDGER_TEXTS
    | LEDGER_DESK_TEXTS
    | OWN_TEXTS
    | PAPER_TEXTS
    | PROCEDURE_TEXTS
    | QUEUE_TEXTS
    | DEVICE_TEXTS
    | RETENTION_TEXTS
    | CARE_TEXTS
    | FRAME_TEXTS
)


def text(key: str, language: Language) -> str:
    """Return a text; a key without one is shown as it is, so that a gap is seen."""
    pair = TEXTS.get(key)
    return key if pair is None else pair[0 if language == "zh" else 1]
