"""Why an act may not be done: a word for each reason, with its two translations. Pure data and its look-up.

Each reason names the article that it rests on. An officer reads them in Chinese; a log in the words below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why not."""

    HELD = "held"
    SITE_SUSPENDED = "site_suspended"
    EVIDENCE_INCOMPLETE = "evidence_incomplete"
    SEEN_TOO_SHORT = "seen_too_short"
    SAME_REVIEWER = "same_reviewer"
    REASON_NOT_ON_LIST = "reason_not_on_list"
    LENIENCY_NOT_ON_LIST = "leniency_not_on_list"
    NO_REASON = "no_reason"
    NO_BASIS = "no_basis"
    NO_AGE = "no_age"
    DEMONSTRATION_ONLY = "demonstration_only"
    NO_IDENTITY = "no_identity"
    CONTACT_NOT_CONFIRMED = "contact_not_confirmed"
    NOT_HEARD = "not_heard"
    NOT_REVIEWED_TWICE = "not_reviewed_twice"
    UNDER_14 = "under_14"
    AGE_UNKNOWN = "age_unknown"
    FINING_OFF = "fining_off"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    NOT_ANNOUNCED = "not_announced"
    AMOUNT_ABOVE_NOTICE = "amount_above_notice"
    TWO_YEARS_OVER = "two_years_over"
    TWO_YEARS_NOT_OVER = "two_years_not_over"
    NO_FINE = "no_fine"
    NOT_LOWER = "not_lower"
    STILL_OWED = "still_owed"
    NOT_OVERDUE = "not_overdue"
    REMEDIES_OPEN = "remedies_open"
    NO_STATEMENT = "no_statement"
    UNTIL_OUT_OF_RANGE = "until_out_of_range"
    NOT_SERVED = "not_served"


TEXTS: Final[Mapping[Reason, tuple[str, str]]] = {
    Reason.HELD: ("事件被暂扣，不能作为证据：{found}", "the event is held back: {found}"),
    Reason.SITE_SUSPENDED: (
        "该路口已暂停采信，待主管核查后恢复：{found}",
        "the site is suspended until a supervisor lifts it: {found}",
    ),
    Reason.EVIDENCE_INCOMPLETE: (
        "证据尚未全部到达：没有看到的不能确认",
        "the evidence has not arrived whole: what is not seen is not confirmed",
    ),
    Reason.SEEN_TOO_SHORT: (
        "查看时间不足：至少 {expected}，实际 {found}",
        "the case was looked at too shortly: expected at least {expected}, found {found}",
    ),
    Reason.SAME_REVIEWER: (
        "须由另一人独立进行：{found} 已经作出过判断",
        "this is another person's to do: {found} has given a verdict already",
    ),
    Reason.REASON_NOT_ON_LIST: (
        "理由须选自法定清单（程序规定 22），实际为“{found}”",
        "a reason of the law's list is needed (程序规定 art. 22), found {found!r}",
    ),
    Reason.LENIENCY_NOT_ON_LIST: (
        "须写明从轻的法定理由（行政处罚法 33，道交法 87），实际为“{found}”",
        "a mild decision needs a reason of the law's list (行政处罚法 art. 33, 道交法 art. 87), found {found!r}",
    ),
    Reason.NO_REASON: ("须写明理由", "a reason is needed"),
    Reason.NO_BASIS: ("须写明认定依据", "an identification needs its basis"),
    Reason.NO_AGE: ("须写明年龄段", "an identification needs the age band"),
    Reason.DEMONSTRATION_ONLY: (
        "“演示”依据只用于演示案件",
        "the basis 'demonstration' is for demonstration cases only",
    ),
    Reason.NO_IDENTITY: ("当事人身份尚未登记", "the party's identity has not been recorded"),
    Reason.CONTACT_NOT_CONFIRMED: ("联系方式尚未核实", "no contact of the party has been confirmed"),
    Reason.NOT_HEARD: (
        "当事人尚未陈述申辩，期限也未届满（行政处罚法 44、45）",
        "the party has not been heard, and the time for it is not over (行政处罚法 arts. 44, 45)",
    ),
    Reason.NOT_REVIEWED_TWICE: (
        "拟罚款的案件须经两名审核员确认",
        "what will be fined needs the confirmation of two reviewers",
    ),
    Reason.UNDER_14: (
        "不满十四周岁不予处罚（行政处罚法 30）：教育并告知监护人",
        "a party under 14 is not punished (行政处罚法 art. 30): education, and the guardian is told",
    ),
    Reason.AGE_UNKNOWN: (
        "年龄不明，不能罚款（行政处罚法 30）",
        "a fine needs a party of at least 14 whose age is known (行政处罚法 art. 30)",
    ),
    Reason.FINING_OFF: ("该代码尚未启用罚款", "fining is not switched on for this code"),
    Reason.AMOUNT_OUT_OF_RANGE: (
        "罚款须在 {expected} 分之间，实际 {found}",
        "a fine needs {expected} fen, found {found}",
    ),
    Reason.NOT_ANNOUNCED: (
        "拟罚金额未在通知中告知（行政处罚法 44）",
        "the notice told of no fine (行政处罚法 art. 44)",
    ),
    Reason.AMOUNT_ABOVE_NOTICE: (
        "不得因申辩加重处罚（行政处罚法 45）：告知 {expected} 分，拟罚 {found} 分",
        "a fine is never raised after the notice (行政处罚法 art. 45): told {expected} fen, found {found}",
    ),
    Reason.TWO_YEARS_OVER: (
        "违法行为已逾两年，不再处罚（行政处罚法 36）",
        "two years since the act are over (行政处罚法 art. 36)",
    ),
    Reason.TWO_YEARS_NOT_OVER: ("未满两年", "two years since the act are not over"),
    Reason.NO_FINE: ("没有可以减少的罚款", "there is no fine that could be lowered"),
    Reason.NOT_LOWER: (
        "只能减少：原 {expected} 分，实际 {found}",
        "expected less than the {expected} fen decided, found {found}",
    ),
    Reason.STILL_OWED: ("尚欠 {found} 分", "{found} fen are still owed"),
    Reason.NOT_OVERDUE: ("尚未逾期", "nothing is overdue"),
    Reason.REMEDIES_OPEN: ("救济期限未届满", "the party can still object, apply or sue"),
    Reason.NO_STATEMENT: (
        "尚未登记当事人的陈述申辩或放弃声明",
        "nothing is kept of what the party said, nor that they waive it",
    ),
    Reason.NOT_SERVED: (
        "没有送达凭证：请先在“文书”页登记送达方式与凭证，或公告送达并待期满（行政处罚法 61，程序规定 55、56）",
        "nothing proves that the decision was served: note on the page 文书 how it went and what proves it, or"
        " announce it and wait for its time (行政处罚法 art. 61, 程序规定 arts. 55, 56)",
    ),
    Reason.UNTIL_OUT_OF_RANGE: (
        "延期须在 {expected} 之间（程序规定 53），实际 {found}",
        "more time ends within {expected} (程序规定 art. 53), found {found}",
    ),
}


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason, with what was expected and found where that helps."""

    reason: Reason
    expected: str = ""
    found: str = ""

    def text(self, language: str = "en") -> str:
        """Return it as a sentence, in Chinese (``zh``) or English."""
        chinese, english = TEXTS[self.reason]
        return (chinese if language == "zh" else english).format(expected=self.expected, found=self.found)
