"""The texts of the ledger's public pages, Chinese first. Pure data."""

from typing import Final

LEDGER_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "heads": ("罚款账簿每日摘要", "The fine ledger, day by day"),
    "heads.note": (
        "每天零点之后，账簿的条数、默克尔树根和最后一条的哈希由中心签名公布。保存过任何一天摘要的人，都能发现账簿后来被改写。"
        "这里没有姓名，也没有案件。",
        "After each midnight the book's size, the root of its Merkle tree and its last entry's hash are published, "
        "sealed by the centre. Whoever has kept the head of any day sees whether the book was rewritten since. No name "
        "and no case is here.",
    ),
    "heads.day": ("日期", "Day"),
    "heads.size": ("条数", "Entries"),
    "heads.root": ("树根（RFC 6962，SHA-256）", "Root (RFC 6962, SHA-256)"),
    "heads.chain": ("最后一条的哈希", "Last entry's hash"),
    "heads.made": ("公布时间", "Published"),
    "heads.none": ("还没有公布过摘要。", "No head has been published yet."),
    "heads.older": ("更早的", "Older"),
    "heads.sealed": ("签名的原文（Ed25519，RFC 8785）", "As it was sealed (Ed25519, RFC 8785)"),
    "heads.key": ("中心的公钥", "The centre's public key"),
    "heads.check": (
        "核对通知书上的二维码：lukou ledger check-proof 二维码内容 --head 摘要文件 --key 公钥",
        "To check a notice's code: lukou ledger check-proof TEXT --head FILE --key KEY",
    ),
}
