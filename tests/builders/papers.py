"""One document of every kind, as an office in a demonstration would issue it, and an office to issue it."""

from dataclasses import replace
from datetime import date

from server.documents.accounts import (
    AccountLine,
    DailyStatement,
    LedgerFigures,
    LedgerLine,
    MonthlyStatement,
    PartyAccount,
    Receipt,
)
from server.documents.after_decision import Demand, EnforcementApplication, Judged, Maintenance, Reduction
from server.documents.data import Heading
from server.documents.pieces import (
    ActTold,
    Authority,
    Cited,
    EvidenceTold,
    Officer,
    Payment,
    Person,
    Proof,
    Query,
    Remedies,
    Term,
)
from server.documents.values import (
    EducationRecord,
    HearingRecord,
    NoPenaltyDecision,
    Notice,
    ObjectionAnswer,
    PenaltyDecision,
    Revocation,
    Said,
    WarningDecision,
)
from server.documents.words import Kind

ISSUED_MS = 1_796_000_000_000  # 2026-11-30 in Beijing
AUTHORITY = Authority(
    name="演示市公安局交通管理支队示例大队",
    prefix="演示交简",
    address="演示市示例区妫水北街 1 号",
    phone="010-00000000",
    reconsideration_at="演示市人民政府",
    court="演示市示例区人民法院",
    pay_at=("演示银行各网点", "演示缴费平台（扫码缴纳）"),
    verified=True,
)
HEADING = Heading("演示交简罚〔2026〕第000001号", AUTHORITY, ISSUED_MS, "7K3M9PQX2R", demonstration=True)
PARTY = Person(
    name="测试当事人",
    document="居民身份证 110101199003070599",
    born=date(1990, 3, 7),
    phone="13800000000",
    address="演示市示例区妫水北街 100 号院 2 号楼 3 单元 401 室",
)
MASKED = Person(name="测试当事人", document="居民身份证 1101**********0599")
ACT = ActTold(
    case_number="LK-0000123",
    at_ms=ISSUED_MS - 6 * 86_400_000,
    place="妫水北街与湖北西路路口北侧人行横道",
    direction="由南向北",
    code="3001",
    name="行人不按交通信号灯通行",
    fact="行人信号灯为红灯期间进入人行横道，并继续前行 3.1 米。",
)
CITED = Cited(
    broken="《中华人民共和国道路交通安全法》第三十八条、第六十二条",
    basis="《中华人民共和国道路交通安全法》第八十九条；《北京市实施〈道路交通安全法〉办法》第八十一条第（一）项",
    verified=False,
)
EVIDENCE = EvidenceTold(
    items=("违法过程照片三张（进入前、进入时、继续前行）", "视频片段一段", "信号灯状态记录"),
    device="box-1（演示设备）",
    manifest_sha256="3f" * 32,
)
QUERY = Query("https://lukou.example/q/LK-0000123", "4F7K-9Q2M")
PROOF = Proof("https://lukou.example/proof/7f3a", "7f3a" * 16)
PAYMENT = Payment(
    Term(15, working=False, until=date(2026, 12, 15), source="行政处罚法第六十七条", verified=True),
    surcharge_per_mille=30,
    source="行政处罚法第七十二条、第七十三条",
    verified=True,
)
REMEDIES = Remedies(
    reconsider_first=True,
    reconsider_days=60,
    court_days_after=15,
    court_months_direct=6,
    source="行政复议法第二十条、第二十三条；行政诉讼法第四十五条",
    verified=True,
)
OFFICERS = (Officer("演示警官", "000001"),)
HEARD = "已告知违法事实、理由、依据、拟罚款数额和陈述申辩的权利；当事人未提出陈述、申辩。"
LINES = (
    AccountLine(ISSUED_MS - 3 * 86_400_000, "罚款决定", "演示交简罚〔2026〕第000001号", 1000, 0, 1000),
    AccountLine(ISSUED_MS - 86_400_000, "加处罚款（1 日，3%）", "分录 18", 30, 0, 1030),
    AccountLine(ISSUED_MS, "银行缴款", "演示交简收〔2026〕第000001号", 0, 1030, 0),
)
FIGURES = LedgerFigures(
    first_day=date(2026, 11, 30),
    last_day=date(2026, 11, 30),
    lines=(
        LedgerLine("receivable", "应收罚款", 12_000, 3_000, 5_030, 9_970),
        LedgerLine("assessed", "罚款收入（已决定）", -12_000, 0, 3_000, -15_000),
        LedgerLine("surcharge", "加处罚款", 0, 0, 30, -30),
        LedgerLine("bank", "代收银行", 0, 5_060, 0, 5_060),
    ),
    debit_total_fen=8_060,
    credit_total_fen=8_060,
    postings=9,
    cases=5,
    unmatched=1,
    head_sha256="9c" * 32,
    prepared_by="演示收费员",
    checked_by="演示审计员",
)

DECISION = "演示交简罚〔2026〕第000001号"
JUDGED = Judged(
    DECISION,
    date(2026, 11, 2),
    "行政复议",
    "演政复〔2026〕12 号行政复议决定书",
    15,
    "《中华人民共和国行政诉讼法》第四十五条",
    verified=True,
)
ENFORCED = replace(CITED, basis="《中华人民共和国行政强制法》第五十四条、第六十九条", verified=False)

SAID: dict[Kind, Said] = {
    said.KIND: said
    for said in (
        Notice(
            MASKED,
            ACT,
            CITED,
            EVIDENCE,
            Term(
                30,
                working=False,
                until=date(2026, 12, 30),
                source="道路交通安全违法行为处理程序规定第二十条",
                verified=True,
            ),
            QUERY,
            PROOF,
            proposed_fen=1000,
        ),
        PenaltyDecision(
            PARTY, ACT, CITED, EVIDENCE, 1000, PAYMENT, REMEDIES, OFFICERS, "示例大队一楼窗口", HEARD, "", QUERY, PROOF
        ),
        WarningDecision(
            PARTY, ACT, CITED, EVIDENCE, REMEDIES, OFFICERS, "示例大队一楼窗口", HEARD, "初次违法，情节轻微。", QUERY
        ),
        EducationRecord(
            PARTY,
            ACT,
            replace(CITED, basis="《中华人民共和国行政处罚法》第三十三条"),
            "初次违法，危害后果轻微并及时改正。",
            "一、讲解红灯期间进入人行横道的危险。\n二、观看本路口事故案例。\n三、当事人表示今后按照信号灯通行。",
            "",
            OFFICERS,
        ),
        NoPenaltyDecision(
            PARTY,
            ACT,
            replace(CITED, basis="《中华人民共和国行政处罚法》第三十三条"),
            EVIDENCE,
            "违法行为轻微并及时改正，没有造成危害后果。",
            "已向当事人说明违法事实及其危害，讲解道路交通安全法律、法规；当事人已听取。",
            "",
            replace(REMEDIES, reconsider_first=False),
            OFFICERS,
            HEARD,
            QUERY,
        ),
        HearingRecord(
            PARTY,
            ACT,
            ISSUED_MS - 3_600_000,
            "口头",
            "我进入人行横道的时候还是绿灯，走到一半才变红的。\n请查看录像。",
            "部分采纳",
            "经复核录像，进入时为红灯第 4 秒；当事人初次违法，予以从轻。",
            OFFICERS,
        ),
        ObjectionAnswer(
            MASKED,
            ACT,
            ISSUED_MS - 86_400_000,
            "录像里的人不是我。",
            True,
            "经核查，记录不能证明当事人即为录像中的行人。",
            "已消除该违法信息，撤回通知，未产生费用。",
            "道路交通安全违法行为处理程序规定第五条、第二十二条",
            QUERY,
        ),
        Revocation(
            PARTY,
            ACT,
            "演示交简罚〔2026〕第000001号",
            date(2026, 11, 27),
            replace(CITED, basis="《中华人民共和国行政处罚法》第四十八条", verified=True),
            "经查，事发时交通警察正在现场指挥。",
            1000,
            True,
            OFFICERS,
            QUERY,
            PROOF,
        ),
        Reduction(
            MASKED,
            ACT,
            JUDGED,
            2000,
            1000,
            0,
            1000,
            True,
            replace(CITED, verified=True),
            PAYMENT,
            OFFICERS,
            QUERY,
            PROOF,
        ),
        Maintenance(MASKED, ACT, replace(JUDGED, remedy="行政诉讼", court_days=0), 1000, OFFICERS, QUERY, PROOF),
        Demand(
            *(PARTY, ACT, DECISION, date(2026, 8, 3), date(2026, 8, 5), 1000, 300, 1300, 10),
            *(ENFORCED, PAYMENT, OFFICERS, QUERY, PROOF),
        ),
        EnforcementApplication(
            *(PARTY, ACT, DECISION, date(2026, 8, 3), date(2026, 8, 5), HEARD, 1000, 300, 1300),
            *("演示交简催〔2026〕第000001号", date(2026, 11, 12), ENFORCED, OFFICERS, PROOF),
        ),
        Receipt(
            "测试当事人",
            "演示交简罚〔2026〕第000001号",
            "LK-0000123",
            1000,
            30,
            1030,
            ISSUED_MS,
            "银行转账",
            "",
            "演示收费员",
            PROOF,
        ),
        PartyAccount(MASKED, "LK-0000123", "演示交简罚〔2026〕第000001号", LINES, 0, ISSUED_MS, QUERY, PROOF),
        DailyStatement(FIGURES, PROOF),
        MonthlyStatement(replace(FIGURES, first_day=date(2026, 11, 1)), PROOF),
    )
}
