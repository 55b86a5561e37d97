"""Why the ledger refuses something: a word for each, told in Chinese and in English. Pure data and its look-up.

A cashier reads them on a page in its language; a log and the command line read the English.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Refusal(StrEnum):
    """Why not."""

    NO_ENTRY = "no_entry"
    NO_SIZES = "no_sizes"
    NO_HEAD = "no_head"
    NO_FILE = "no_file"
    NO_CASE = "no_case"
    NO_MONEY = "no_money"
    NO_MONEY_OF_A_SOURCE = "no_money_of_a_source"
    ENTRY_REVERSED = "entry_reversed"
    CASE_REVERSED = "case_reversed"
    DAY_CLOSED = "day_closed"
    BEYOND_ZERO = "beyond_zero"
    NO_FINE = "no_fine"
    NEVER_FINED = "never_fined"
    WHY_ANOTHER_AMOUNT = "why_another_amount"
    NO_AGREEMENT = "no_agreement"
    WHOSE_MONEY = "whose_money"
    WHY_BACK = "why_back"
    NOT_SO_MUCH_OF_IT = "not_so_much_of_it"
    NOTHING_IN_SUSPENSE = "nothing_in_suspense"
    CASH_ABOVE_LIMIT = "cash_above_limit"
    RECEIPT_GIVEN = "receipt_given"
    OWN_CASH = "own_cash"
    ANOTHER_S_RECEIPTS = "another_s_receipts"
    HANDED_IN = "handed_in"
    NO_SLIP = "no_slip"
    NOT_WITH_THE_UNIT = "not_with_the_unit"
    RECEIPTS_TWICE = "receipts_twice"
    NO_SUCH_CASH = "no_such_cash"
    NO_POSTING = "no_posting"
    MORE_THAN_OWED = "more_than_owed"
    NO_WAIVER = "no_waiver"
    NO_SURCHARGE = "no_surcharge"
    NOTHING_DUE_BACK = "nothing_due_back"
    MONEY_ON_ITS_WAY = "money_on_its_way"
    DECIDED_BY_THEM = "decided_by_them"
    NOT_MOVABLE = "not_movable"
    FINE_OR_SURCHARGE = "fine_or_surcharge"
    NO_SOCIAL_SERVICE = "no_social_service"
    PARTS_OUT_OF_RANGE = "parts_out_of_range"
    NO_PART = "no_part"
    NO_AMOUNT = "no_amount"
    NO_CASE_NAMED = "no_case_named"
    NO_DAY = "no_day"
    NO_REASON = "no_reason"
    EXPORT_RUNS = "export_runs"
    EXPORT_TOO_LARGE = "export_too_large"


R = Refusal
TEXTS: Final[Mapping[Refusal, tuple[str, str]]] = {
    R.NO_ENTRY: ("账簿前 {size} 笔中没有第 {number} 笔分录", "the ledger has no entry {number} among its first {size}"),
    R.NO_SIZES: (
        "应为账簿的两个笔数，较早的在前，实际为 {old} 和 {size}",
        "expected two sizes of the ledger, the older first, found {old} and {size}",
    ),
    R.NO_HEAD: ("{day} 的账首尚未公布", "no head of {day} has been published"),
    R.NO_FILE: ("没有导入过文件 {sha256}", "no file {sha256} was imported"),
    R.NO_CASE: ("没有案件 {case}", "there is no case {case}"),
    R.NO_MONEY: ("没有凭据为“{reference}”的到账款项", "no money came as {reference!r}"),
    R.NO_MONEY_OF_A_SOURCE: (
        "没有凭据为“{reference}”的到账款项：应为 bank:编号 或 epay:编号",
        "no money came as {reference!r}: expected bank:ID or epay:ID",
    ),
    R.ENTRY_REVERSED: ("第 {number} 笔分录已经冲销", "entry {number} has been reversed already"),
    R.CASE_REVERSED: ("案件 {case} 已经冲销", "case {case} has been reversed already"),
    R.DAY_CLOSED: (
        "{closed} 的账簿已结账公布：应为更晚的日期，实际为 {first}",
        "the book of {closed} is closed and published: expected a later day, found {first}",
    ),
    R.BEYOND_ZERO: ("数额超过所欠或所存，不能入账（{problems}）", "{problems}"),
    R.NO_FINE: ("案件 {case}：没有有效的罚款", "case {case}: expected a fine that stands, found none"),
    R.NEVER_FINED: (
        "案件 {number} 没有作出过罚款决定：不能记账",
        "case {number} has never been fined: nothing can be booked on it",
    ),
    R.WHY_ANOTHER_AMOUNT: ("案件 {case}：请写明变更数额的理由", "case {case}: expected why the amount is another"),
    R.NO_AGREEMENT: (
        "案件 {case}：暂缓或分期不成立。须为 1 至 {most} 期，每期金额为正，日期晚于今天且逐期递增，"
        "合计等于尚欠的 {owed} 分，并写明理由",
        "case {case}: {problems}",
    ),
    R.WHOSE_MONEY: ("请写明案件，以及为何是该案的款项", "expected a case, and why the money is its own"),
    R.WHY_BACK: ("请写明退回的理由", "expected why the money goes back"),
    R.NOT_SO_MUCH_OF_IT: (
        "{reference}：应为 1 至 {most} 分，实际为 {found} 分",
        "{reference}: expected 1 to {most} fen of it, found {found}",
    ),
    R.NOTHING_IN_SUSPENSE: ("{reference}：没有待查的款项", "{reference}: nothing of it is in suspense"),
    R.CASH_ABOVE_LIMIT: (
        "当场收缴现金应为 1 至 {most} 分（行政处罚法 68），实际为 {found} 分",
        "expected cash of 1 to {most} fen on the spot (行政处罚法 art. 68), found {found}",
    ),
    R.RECEIPT_GIVEN: ("票据 {receipt} 已经用过", "receipt {receipt} has been given already"),
    R.OWN_CASH: ("{officer} 不能接收自己交来的现金", "{officer} cannot receive the cash that they hand in"),
    R.ANOTHER_S_RECEIPTS: (
        "应为 {officer} 的票据；以下由他人开具：{receipts}",
        "expected receipts of {officer}; another officer gave {receipts}",
    ),
    R.HANDED_IN: ("已经上交：{receipts}", "handed in already: {receipts}"),
    R.NO_SLIP: ("请填写银行存款单号", "expected the number of the bank's deposit slip, found none"),
    R.NOT_WITH_THE_UNIT: (
        "以下现金不在单位手中（未上交或已缴存）：{receipts}",
        "expected cash that the unit holds, found otherwise: {receipts}",
    ),
    R.RECEIPTS_TWICE: (
        "每个票据号只填一次：共 {found} 个，其中不同的 {different} 个",
        "expected receipts, each once, found {found} of {different} numbers",
    ),
    R.NO_SUCH_CASH: (
        "没有凭票据 {receipts} 收取的有效现金",
        "no cash that stands was taken with receipt {receipts}",
    ),
    R.NO_POSTING: ("这笔分录不成立：请检查金额、凭据和理由（{problems}）", "{problems}"),
    R.MORE_THAN_OWED: (
        "案件 {case}：数额应为 1 至尚欠的 {owed} 分，实际为 {found} 分",
        "case {case}: expected 1 to {owed} fen, as much as is owed, found {found}",
    ),
    R.NO_WAIVER: (
        "应为减免或社会服务，并写明理由；实际为 {kind}，理由“{reason}”",
        "expected a waiver or social service, and why; found {kind} because {reason!r}",
    ),
    R.NO_SURCHARGE: (
        "加处罚款应为 1 至 {most} 分，并写明理由；实际为 {found} 分",
        "expected 1 to {most} fen of surcharge, and why, found {found} fen",
    ),
    R.NOTHING_DUE_BACK: (
        "案件 {case}：不能退款：没有应退款项",
        "case {case}: no refund can be paid: nothing is due",
    ),
    R.MONEY_ON_ITS_WAY: (
        "案件 {case}：不能退款：款项尚未到达银行",
        "case {case}: no refund can be paid: its money has not reached the bank yet",
    ),
    R.DECIDED_BY_THEM: (
        "案件 {case} 的罚款由 {who} 作出：须由他人记缴款",
        "{who} imposed the fine of case {case}: another person books its payment",
    ),
    R.NOT_MOVABLE: ("应为电子缴款结算或上缴国库，实际为 {kind}", "expected epay_settled or to_treasury, found {kind}"),
    R.FINE_OR_SURCHARGE: ("应为罚款或加处罚款，实际为“{found}”", "expected fine or surcharge, found {found!r}"),
    R.NO_SOCIAL_SERVICE: (
        "本单位未启用社会服务抵扣（LUKOU_SOCIAL_SERVICE）",
        "social service is not switched on here (LUKOU_SOCIAL_SERVICE)",
    ),
    R.PARTS_OUT_OF_RANGE: ("应为 1 至 {most} 期，实际为 {found} 期", "expected 1 to {most} parts, found {found}"),
    R.NO_PART: (
        "每行应为日期和金额（元），如 2026-12-31 10.00，实际为“{found}”",
        "expected a day and yuan such as 2026-12-31 10.00, found {found!r}",
    ),
    R.NO_AMOUNT: ("金额应为大于零、至多两位小数的元，如 10.00，实际为“{found}”", "amount: {problem}"),
    R.NO_CASE_NAMED: (
        "应为案件编号（如 LK-0000012）或缴款参考号，实际为“{found}”",
        "expected a case's number such as LK-0000012, or a payment reference, found {found!r}",
    ),
    R.NO_DAY: ("日期应如 2026-12-31，实际为“{found}”", "expected a day such as 2026-12-31, found {found!r}"),
    R.NO_REASON: ("请写明理由：理由记入账簿", "expected a reason: it stands in the ledger"),
    R.EXPORT_RUNS: (
        "有人正在导出账簿：请一分钟后再试",
        "somebody exports the ledger just now: try again in a minute",
    ),
    R.EXPORT_TOO_LARGE: (
        "超过 {most} 笔分录：请用 lukou ledger export --out 目录 导出",
        "more than {most} entries: export them by `lukou ledger export --out DIR`",
    ),
}


def refused(refusal: Refusal, **found: object) -> tuple[str, str]:
    """Return a refusal in English and in Chinese, as errors take it."""
    chinese, english = TEXTS[refusal]
    return english.format(**found), chinese.format(**found)
