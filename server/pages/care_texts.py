"""Texts of suspended sites and of reviewers' care, Chinese first, English beside it. Pure data."""

from typing import Final

CARE_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "sites": ("暂停采信的路口", "Suspended sites"),
    "sites.note": (
        "近期记录被大量消除的路口暂停采信：不确认、不决定，设备暂停上报，尚未决定的案件重新审核。主管查明原因后恢复。",
        "A site of which many of the newest records were deleted is not believed: nothing of it is confirmed or "
        "decided, its boxes accuse nobody, and what is undecided is reviewed anew, until a supervisor has seen why.",
    ),
    "sites.alarm": ("以下路口暂停采信，不得确认", "These sites are suspended: nothing of them is confirmed"),
    "sites.none": ("目前没有暂停采信的路口。", "No site is suspended."),
    "sites.since": ("暂停时间", "Since"),
    "sites.by": ("触发人员", "Whose verdict tripped it"),
    "sites.verdicts": ("触发暂停的判断", "The verdicts that tripped it"),
    "sites.verdict": ("判断", "Verdict"),
    "sites.lift": ("恢复采信", "Believe it again"),
    "sites.lift_reason": ("恢复理由：查明了什么，如何整改", "Why: what was wrong, and who has put it right"),
    "sites.lifted": ("已恢复", "Lifted"),
    "sites.lifted_at": ("恢复时间", "Lifted"),
    "sites.lifted_because": ("恢复理由", "Why"),
}
