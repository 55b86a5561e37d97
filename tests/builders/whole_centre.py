"""A centre with something on every page: cases at each stage, money, devices, parties' letters, a suspended site."""

from dataclasses import replace
from hashlib import sha256

from casework import BY, CODE, FORM, done, fined, identity, papers_of
from centre import CLOCK, KEY, NOW_MS, deliver, make_act, take
from coming_in import Clock, come_in, pages, send
from fining import DAY_MS, fine
from leading import TO_SERVED, lead
from officers import do, house_of
from papers import AUTHORITY
from recorded import recorded_act
from sqlalchemy import select
from visiting import visit

from contract.box import StatusTold
from contract.messages import Heartbeat
from contract.seal import seal
from contract.words import BoxStatus, CameraState, ClockStatus, HandOffCause
from server.access.models import User
from server.access.rights import Role
from server.cases import repository as cases
from server.cases.models import CaseAct
from server.civil_time import beijing_day
from server.db import unit_of_work
from server.documents.service import Office
from server.enrolment import codes
from server.hand_off import service as hand_off
from server.known_answers.models import KnownAnswer, KnownShow, KnownVerdict
from server.known_answers.service import KEPT_UP_MS
from server.ledger import checking, heads
from server.ledger.references import payment_reference
from server.lists import service as lists
from server.papers.service import issue_for
from server.parties.hearing import take_statement
from server.parties.reaching import Contact, add_contact, confirm_contact
from server.parties.service import keep_identity
from server.parties.words import CameBy, Channel, StatementKind
from server.procedure.words import Act
from server.retention import service as retention
from server.suspensions.models import Lifting, SiteVerdict, Suspension

FRESH, PARTY, PAPERS, OWED, SERVED, CASH = 1, 2, 3, 4, 5, 6
"""Cases: a whole package under review; a party before the notice; documents; a late fine; the own page; cash."""
CASES = 14
HEADER = "booked_on,amount,currency,reference,payer_name,bank_id"
BOX = {"device_id": "box-1", "site_id": "s-1"}
UNPROVED = CLOCK.model_copy(update={"status": ClockStatus.INVALID, "reason": "not synchronised for 31.0 h"})
BEAT = {
    "camera_id": "c-1", "sent_at_ms": NOW_MS, "frames_processed": 40, "frames_dropped": 0, "reconnections": 0,
    "camera_state": CameraState.OK, "camera_state_since_ms": 1, "frames_per_second": 9.5, "events_waiting": 0,
    "files_waiting": 0, "events_refused": 0,
}  # fmt: skip


def whole_centre(service, press):
    """Fill a centre and return it; its time is NOW_MS."""
    house = house_of(service.settings, CARE_FIGURE_MIN=4)
    office = Office(press, service.secrets_box, AUTHORITY, demonstration=False)
    whole = replace(service, house=house, office=office)
    _deliver(whole)
    _party(whole)
    _documents(whole)
    for case_id in (OWED, CASH, 7):
        fine(whole, case_id, 2000, NOW_MS - (30 if case_id == OWED else 6) * DAY_MS)
    lead(whole, *TO_SERVED, case_id=SERVED)
    with unit_of_work(whole.sessions) as session:
        served = cases.get(session, SERVED)
        served.sanction = "fine"
        lists.publish(session, served, lists.Approval("l1", "officer", "approved", 7, NOW_MS), whole.store)
    _operation(whole)
    _care(whole)
    _money(whole)
    _letter(whole)
    return whole


def _deliver(service) -> None:
    first = recorded_act(1)
    deliver(service, first)
    before = sha256(first.files["manifest.json"]).hexdigest()
    for number in range(2, CASES + 1):
        act = make_act(number, entered_at_ms=NOW_MS - number * 700_000, previous_manifest_sha256=before)
        before = sha256(act.files["manifest.json"]).hexdigest()
        deliver(service, act)
    deliver(service, make_act(CASES + 1, previous_manifest_sha256=before, clock=UNPROVED))
    deliver(service, make_act(CASES + 3, previous_manifest_sha256="0" * 64))
    take(service, b"{}")


def _party(service) -> None:
    lead(service, Act.CONFIRM, Act.IDENTIFY, case_id=PARTY)
    with unit_of_work(service.sessions) as session:
        party, box = cases.party(session, PARTY), service.secrets_box
        keep_identity(session, box, party.id, identity(), BY)
        contact = add_contact(session, box, party.id, Contact(Channel.PHONE, "13800000000"), BY)
        confirm_contact(session, contact, "当场拨打，本人接听", BY)
        add_contact(session, box, party.id, Contact(Channel.POST, FORM["address"]), BY)
        take_statement(session, box, party.id, (StatementKind.DEFENCE, CameBy.SPOKEN, "进入时是绿灯"), BY)


def _documents(service) -> None:
    lead(service, Act.CONFIRM, Act.IDENTIFY, case_id=PAPERS)
    for act in (Act.NOTIFY, Act.FINE, Act.REVOKE):
        with unit_of_work(service.sessions) as session:
            case = cases.get(session, PAPERS)
            if act is Act.NOTIFY:
                keep_identity(session, service.secrets_box, cases.party(session, PAPERS).id, identity(), BY)
            done(session, case, act, amount_fen=1000, reason="事发时交通警察正在现场指挥。")
            if act is Act.FINE:
                fined(session, case)
            issue_for(session, papers_of(service), case, act, BY, CODE)


def _operation(service) -> None:
    for number in (8, 9, 10):
        for officer in ("liu.yang", "chen.jing"):
            do(service, Act.REJECT, number, actor=officer, reason="signal_conflict")
    status = StatusTold(connection=5, state=BoxStatus.ONLINE, since_ms=NOW_MS, cameras=("c-1",), **BOX)
    take(service, seal(status, "box-1", KEY), "lukou/v1/s-1/box-1/status")
    take(service, seal(Heartbeat(**BOX, **BEAT), "box-1", KEY), "lukou/v1/s-1/c-1/heartbeat")
    directed = hand_off.Order("s-1", NOW_MS + 3_600_000, "officer", "早高峰", NOW_MS, HandOffCause.DIRECTED)
    with unit_of_work(service.sessions) as session:
        hand_off.switch(session, directed)
        codes.make(session, codes.Wanted("box-9", "s-2", ("c-1",), "admin", NOW_MS))
        retention.set_hold(session, 9, "officer", "行政复议〔2027〕12号", NOW_MS)
        _suspend(session)
    retention.sweep(service.sessions, service.store, service.retention, NOW_MS + 400 * DAY_MS)


def _suspend(session) -> None:
    """One site is believed again, another is not yet."""
    last = session.scalars(select(CaseAct).order_by(CaseAct.id.desc()).limit(1)).one()
    said = {"at_ms": NOW_MS, "officer": "chen.jing", "reason": "近 4 次判断中 3 次因记录有误而消除"}
    acts = {"first_act_id": 1, "act_id": last.id}
    session.add_all(Suspension(site_id=site, **said, **acts) for site in ("s-1", "s-2"))
    session.flush()
    first = session.scalars(select(Suspension.id).where(Suspension.site_id == "s-1")).one()
    reason = "镜头已清洁并重新标定"
    session.add(Lifting(suspension_id=first, at_ms=NOW_MS, officer="zhao", reason=reason, act_id=last.id))
    session.add(SiteVerdict(site_id="s-2", act_id=1, case_id=8, actor="liu.yang", reason="signal_conflict"))


def _care(service) -> None:
    with unit_of_work(service.sessions) as session:
        session.add(User(name="liu.yang", password_hash="", role=Role.REVIEWER, demonstration=False))
        for case_id in range(8, 13):
            answer = KnownAnswer(case_id=case_id, act="confirm", reason="", seeded_by="sun.wei", at_ms=0)
            session.add(answer)
            session.flush()
            show = KnownShow(known_id=answer.id, case_id=case_id, reviewer="liu.yang", at_ms=0)
            session.add(show)
            session.flush()
            said = {"act": "confirm", "reason": "", "at_ms": NOW_MS - KEPT_UP_MS - 1, "seen_ms": 9000}
            session.add(KnownVerdict(show_id=show.id, reviewer="liu.yang", right=case_id > 8, **said))


def _money(service) -> None:
    today = beijing_day(NOW_MS)
    lines = (f"10.00,CNY,{payment_reference(OWED)},李四,B1", "20.00,CNY,交通罚款,王小明,B2")
    file = ("icbc.csv", "\n".join([HEADER, *(f"{today},{line}" for line in lines)]).encode(), "text/csv")
    client = pages(service, Clock())
    for name, path, form, files in (
        ("chen", "bank", {"source": "bank"}, {"file": file}),
        ("chen", "cash/take", {"case": CASH, "amount": "20.00", "receipt": "京财 0012031"}, None),
        ("liu", "cash/hand-in", {"officer": "chen", "receipts": "京财 0012031"}, None),
        ("liu", "cash/take", {"case": 7, "amount": "20.00", "receipt": "京财 0012032"}, None),
    ):
        csrf = visit(client, service, Role.CASHIER, name=name)
        answer = client.post(f"/console/ledger/{path}", data={"csrf": csrf} | form, files=files)
        assert answer.status_code == 303, answer.text
    with unit_of_work(service.sessions) as session:
        heads.publish(session, KEY, NOW_MS + DAY_MS)
    checking.check(service.sessions, lambda: NOW_MS)


def _letter(service) -> None:
    client = pages(service, Clock())
    come_in(client, service, SERVED)
    assert send(client, phone="13800000000").status_code < 400
