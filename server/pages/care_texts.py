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
    "care": ("审核质量", "Reviewers' care"),
    "care.note": (
        "只看审核是否仔细，不统计确认或者罚款的数量（行政处罚法 74），不排名。区间为 95 % 置信区间。",
        "How carefully records are looked at; never how many were confirmed or fined (行政处罚法 art. 74), and no "
        "ranking. Intervals are of 95 %.",
    ),
    "care.least": ("满 {} 次才显示数字。", "A figure is shown from {} on."),
    "care.delay": ("已知答案案件在判断 {} 天后计入。", "A known answer is counted {} days after its verdict."),
    "care.charts": ("正确率与一致率", "Known answers and agreement"),
    "care.reviewer": ("审核员", "Reviewer"),
    "care.known": ("已知答案案件：判断正确", "Known answers: right"),
    "care.agreed": ("二次盲审：意见一致", "Blind second reviews: agreed"),
    "care.overturned": ("事后被撤销的案件", "Cases overturned later"),
    "care.seen": ("查看时间中位数", "Median viewing time"),
    "care.too_few": ("次数不足", "too few"),
    "care.seed": ("加入已知答案案件", "Seed cases with a known answer"),
    "care.seed_note": (
        "从近期办结、两人独立审核意见一致的案件中抽取，混入审核员的待审队列，外观与新案件相同；其结论不影响原案。"
        "约 {} % 的判断之后出现一件。",
        "Drawn from finished cases on which two people agreed independently; they look like new ones in a reviewer's "
        "queue, and the verdict changes nothing of the case. One follows behind {} % of the verdicts.",
    ),
    "care.seed_days": ("最近多少天的案件", "Cases of the last days"),
    "care.seed_count": ("数量", "How many"),
    "care.seed_do": ("抽取并加入", "Draw and seed"),
}
