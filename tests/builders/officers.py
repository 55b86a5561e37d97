"""Officers at work: a house of the law with no floor under viewing time, and a case led through its procedure."""

from centre import NOW_MS

from datasets.histories.stage import law_with
from server.cases import repository
from server.cases.house import House
from server.cases.service import Order
from server.db import unit_of_work
from server.decisions.service import decide
from server.law.limits import LimitKey
from server.parties.hearing import take_statement
from server.parties.identity import Identity
from server.parties.reaching import Contact, add_contact, confirm_contact
from server.parties.repository import what_is_known
from server.parties.service import By, keep_identity
from server.parties.words import CameBy, Channel, StatementKind
from server.procedure.words import Act, AgeBand, Basis, CaseState

FIRST, SECOND = "officer", "wang"
SERVED = "handed over, receipt signed"


def house_of(settings, **limits: int) -> House:
    """The house of a centre whose officers look as long as they like; only what may be fined is looked at twice."""
    values = {"VIEWING_TIME_MIN": 0, "SECOND_REVIEW_SHARE": 0} | limits
    book = law_with({LimitKey(name.lower()): value for name, value in values.items()})
    return House(book, settings.demonstration, settings.fining_codes, "a salt")


def do(service, act: Act, case_id: int = 1, **given_values):
    """Do one act as an officer whose form is filled in as a form usually is."""
    with unit_of_work(service.sessions) as session:
        case = repository.get(session, case_id)
        second = act in {Act.CONFIRM, Act.REJECT} and case.state == CaseState.SECOND_REVIEW
        values = {"version": case.version, "actor": SECOND if second else FIRST, "at_ms": NOW_MS} | given_values
        if act is Act.NOTIFY and not case.demonstration:
            make_reachable(session, service, case_id)
        return decide(session, case, Order(act=act, **FILLED.get(act, {}) | values), service.house)


def make_reachable(session, service, case_id: int) -> None:
    """What officers do before a notice: who it is, a contact that they confirmed; and that the party says nothing."""
    party, by, box = repository.party(session, case_id), By(FIRST, NOW_MS, "as shown"), service.secrets_box
    if what_is_known(session, party).identity:
        return
    keep_identity(session, box, party.id, Identity("张三", company="快送"), by)
    contact = add_contact(session, box, party.id, Contact(Channel.PHONE, "13800000000"), by)
    confirm_contact(session, contact, "called back", by)
    take_statement(session, box, party.id, (StatementKind.WAIVER, CameBy.SPOKEN, "无异议"), by)


FILLED = {
    Act.IDENTIFY: {"basis": Basis.SELF_REPORT, "age_band": AgeBand.ADULT},
    Act.REASSIGN: {"basis": Basis.PLATE, "age_band": AgeBand.ADULT, "reason": "another rider"},
    Act.NOTIFY: {"amount_fen": 1000},
    Act.FINE: {"amount_fen": 1000},
    Act.WARN: {"reason": "warning_suffices"},
    Act.EDUCATE: {"reason": "first_and_slight"},
    Act.NO_PENALTY: {"reason": "slight_no_harm"},
    Act.REJECT: {"reason": "unclear"},
    Act.SERVE: {"reason": SERVED},
}


def reject(service, case_id: int = 1, **given) -> None:
    """Two officers delete a record, or one where one is enough."""
    if do(service, Act.REJECT, case_id, **given).to_state == CaseState.SECOND_REVIEW:
        do(service, Act.REJECT, case_id, **given)


TO_CONFIRMED = (Act.CONFIRM, Act.CONFIRM)
TO_IDENTIFIED = (*TO_CONFIRMED, Act.IDENTIFY)
TO_HEARD = (*TO_IDENTIFIED, Act.NOTIFY, Act.HEAR)
TO_DECIDED = (*TO_HEARD, Act.FINE)
TO_SERVED = (*TO_DECIDED, Act.SERVE)


def lead(service, acts, case_id: int = 1, **given) -> None:
    """Do one act after the other."""
    for act in acts:
        do(service, act, case_id, **given)
