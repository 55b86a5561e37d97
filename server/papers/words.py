"""The words of papers in Chinese, and how a document is served: channels, what came of it. Pure.

Service (行政处罚法 61, 程序规定 55, 56, 公安行政案件程序规定 36): handed over, by post, electronically with consent,
left behind before witnesses where it is refused; announced where nothing else reached the party.
"""

from enum import StrEnum
from typing import Final

from server.ledger.kinds import EntryKind
from server.parties.numbers import DocumentKind
from server.parties.words import CameBy, Outcome


class ServedBy(StrEnum):
    """The way a document went."""

    HANDED_OVER = "handed_over"
    POST = "post"
    ELECTRONIC = "electronic"
    PHONE = "phone"
    ANNOUNCED = "announced"


class Came(StrEnum):
    """What came of it."""

    SENT = "sent"
    RECEIVED = "received"
    REFUSED = "refused"
    RETURNED = "returned"
    ANNOUNCED = "announced"


POSSIBLE: Final[dict[ServedBy, tuple[Came, ...]]] = {
    ServedBy.HANDED_OVER: (Came.RECEIVED, Came.REFUSED),
    ServedBy.POST: (Came.SENT, Came.RECEIVED, Came.REFUSED, Came.RETURNED),
    ServedBy.ELECTRONIC: (Came.SENT, Came.RECEIVED, Came.RETURNED),
    ServedBy.PHONE: (Came.SENT, Came.RETURNED),
    ServedBy.ANNOUNCED: (Came.ANNOUNCED,),
}
"""What can come of each way. A message to a phone tells of a notice; it serves no decision."""
SERVES: Final = frozenset({Came.RECEIVED, Came.REFUSED})
"""With these a document is served: who refuses it has it left behind, before witnesses."""
DOCUMENT_WORDS: Final = {
    DocumentKind.RESIDENT_ID: "居民身份证",
    DocumentKind.PASSPORT: "护照",
    DocumentKind.HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    DocumentKind.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    DocumentKind.PERMANENT_RESIDENT_ID: "外国人永久居留身份证",
    DocumentKind.OTHER: "其他证件",
}
CAME_BY_WORDS: Final = {CameBy.SPOKEN: "口头", CameBy.WRITTEN: "书面", CameBy.ONLINE: "网上"}
OUTCOME_WORDS: Final = {Outcome.ACCEPTED: "采纳", Outcome.PARTLY: "部分采纳", Outcome.NOT_ACCEPTED: "不予采纳"}
K = EntryKind
ENTRY_WORDS: Final = {
    K.ASSESSED: "罚款决定",
    K.SURCHARGE: "加处罚款",
    K.PAID_BANK: "银行缴款",
    K.PAID_EPAY: "电子缴款",
    K.PAID_CASH: "当场收缴现金",
    K.SURCHARGE_PAID_BANK: "银行缴款（加处罚款）",
    K.SURCHARGE_PAID_EPAY: "电子缴款（加处罚款）",
    K.WAIVED: "减免罚款",
    K.SURCHARGE_WAIVED: "减免加处罚款",
    K.SERVED_SOCIALLY: "社会服务抵扣",
    K.REFUND_DUE: "应退罚款",
    K.SURCHARGE_REFUND_DUE: "应退加处罚款",
    K.REVERSED: "冲销",
}
"""The kinds that change what a party owes."""
MEANS_WORDS: Final = {
    K.PAID_BANK: "银行缴款",
    K.PAID_EPAY: "电子支付",
    K.PAID_CASH: "当场收缴现金",
}
