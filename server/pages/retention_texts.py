"""The texts of the retention page and of legal holds, Chinese first. Pure data."""

from typing import Final

RETENTION_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "retention": ("保存与清除", "Retention"),
    "retention.note": (
        "证据按案件的结果分类保存；到期自动清除并留下记录；保全中的案件不清除。期限是数据，法制部门可以修改。",
        "Evidence is kept by what became of its case, and purged with a record when its time is over. Nothing of a "
        "case under a legal hold is purged. The periods are data that the legal unit can correct.",
    ),
    "retention.fate": ("类别", "Class"),
    "retention.days": ("保存天数", "Days"),
    "retention.for_now": ("在此状态期间一直保存", "as long as it stands so"),
    "retention.basis": ("依据", "Basis"),
    "retention.files": ("文件", "Files"),
    "retention.bytes": ("字节", "Bytes"),
    "retention.none": ("没有清除过证据。", "Nothing has been purged."),
    "retention.purged": ("已清除的证据", "Purged evidence"),
    "retention.gone": ("证据已按规定清除", "the evidence was purged"),
    "fate.undecided": ("未决", "undecided"),
    "fate.rejected": ("不予立案", "rejected"),
    "fate.decided": ("已决定", "decided"),
    "fate.revoked": ("已撤销", "revoked"),
    "fate.held": ("暂不立案", "held back"),
    "hold": ("证据保全", "Legal hold"),
    "hold.none": ("没有保全中的案件。", "No case is under a legal hold."),
    "hold.set": ("设定保全", "Set a hold"),
    "hold.release": ("解除保全", "Release the hold"),
    "hold.since": ("保全自", "Under a hold since"),
}
