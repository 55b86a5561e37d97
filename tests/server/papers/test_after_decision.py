"""No penalty, a decision that was judged, and one that is enforced: what is printed, and what is refused."""

from dataclasses import replace

import pytest
from casework import BY, CODE, DAY_MS, done, fined, known_case, papers_of, said
from centre import NOW_MS

from server.cases import repository as cases
from server.db import unit_of_work
from server.documents.words import Kind
from server.errors import ConflictError
from server.ledger import book
from server.papers import serving
from server.papers.register import documents_of
from server.papers.service import issue_demand, issue_for
from server.papers.serving import Attempt
from server.papers.words import Came, ServedBy
from server.parties import service as parties
from server.procedure.words import Act, AgeBand, CaseState

A, S = Act, CaseState


def act(service, case_id: int, act: Act, *, issue: bool = True, at_ms: int = NOW_MS, **given):
    """Do an act with its document; a fine and a lower one post their amount."""
    with unit_of_work(service.sessions) as session:
        case = cases.get(session, case_id)
        done(session, case, act, at_ms=at_ms, **given)
        if act is A.FINE:
            fined(session, case, given["amount_fen"], at_ms)
        if act is A.REDUCE:
            book.change_amount(session, case_id, given["amount_fen"], "officer", at_ms, given["reason"])
        if issue:
            return issue_for(session, papers_of(service), case, act, replace(BY, at_ms=at_ms), CODE)
    return None


def fined_case(service):
    """A served fine of 20 yuan. Return the case's id and the decision's number."""
    case_id = known_case(service)
    act(service, case_id, A.NOTIFY, amount_fen=2000, issue=False)
    printed = act(service, case_id, A.FINE, amount_fen=2000)
    act(service, case_id, A.SERVE, reason="当面签收", issue=False)
    return case_id, printed.document.number


@pytest.mark.parametrize(
    ("age_band", "guardian", "article"),
    [(AgeBand.ADULT, "", "第三十三条"), (AgeBand.UNDER_14, "责令监护人加以管教", "第三十条")],
)
def test_no_penalty_is_a_decision_with_its_reason_and_education(service, age_band, guardian, article):
    case_id = known_case(service, age_band=age_band, form={"document_kind": "", "document_number": ""})
    printed = act(service, case_id, A.NO_PENALTY, reason="slight_no_harm")
    told = said(service, printed.document)
    assert printed.document.number.split("〔")[0].endswith("免")
    assert guardian in told["guardian"]
    assert bool(told["guardian"]) is bool(guardian)
    assert article in told["cited"]["basis"]
    assert told["remedies"]["reconsider_first"] is False
    assert told["told"]


def test_nobody_s_name_is_needed_not_to_punish(service):
    case_id = known_case(service)
    with unit_of_work(service.sessions) as session:
        parties.erase(session, case_id, replace(BY, reason="its time is over"))
    printed = act(service, case_id, A.NO_PENALTY, reason="slight_no_harm")
    assert said(service, printed.document)["party"]["name"] == "当事人 P-0000001"


@pytest.mark.parametrize(
    ("before", "remedy", "court_days"), [(S.RECONSIDERATION, "行政复议", 15), (S.COURT, "行政诉讼", 0)]
)
def test_a_decision_that_stands_is_told_with_what_may_be_done_further(service, before, remedy, court_days):
    case_id, decision = fined_case(service)
    told = said(service, act(service, case_id, A.MAINTAIN, before=before, reason="演政复〔2027〕12 号").document)
    assert (told["judged"]["number"], told["judged"]["remedy"]) == (decision, remedy)
    assert (told["judged"]["court_days"], told["owed_fen"]["yuan"]) == (court_days, "20.00")
    assert told["party"]["document"] == "居民身份证 1101**********002X"


def test_a_lower_fine_says_what_it_was_and_is(service):
    case_id, decision = fined_case(service)
    first = act(service, case_id, A.REDUCE, amount_fen=1500, reason="演政复〔2027〕12 号")
    second = act(service, case_id, A.REDUCE, before=S.COURT, amount_fen=500, reason="演行初〔2027〕1 号")
    amounts = [
        tuple(said(service, printed.document)[name]["yuan"] for name in ("before_fen", "amount_fen", "owed_fen"))
        for printed in (first, second)
    ]
    assert amounts == [("20.00", "15.00", "15.00"), ("15.00", "5.00", "5.00")]
    assert said(service, second.document)["judged"]["number"] == decision
    assert "第四十八条" in said(service, second.document)["cited"]["basis"]


@pytest.mark.parametrize("judged", [(A.MAINTAIN, {}), (A.REDUCE, {"amount_fen": 500})])
def test_where_no_decision_was_printed_nothing_hinders_the_act(service, judged):
    case_id = known_case(service)
    act(service, case_id, A.NOTIFY, amount_fen=2000, issue=False)
    act(service, case_id, A.FINE, amount_fen=2000, issue=False)
    assert act(service, case_id, judged[0], reason="演政复〔2027〕12 号", **judged[1]) is None


def demanded(service, case_id: int):
    with unit_of_work(service.sessions) as session:
        return issue_demand(session, papers_of(service), cases.get(session, case_id), BY, CODE).document


def serve(service, case_id: int, document_id: int) -> None:
    with unit_of_work(service.sessions) as session:
        attempt = Attempt(ServedBy.HANDED_OVER, Came.RECEIVED, NOW_MS, "回证 0001")
        serving.note(session, case_id, document_id, attempt, replace(BY, at_ms=NOW_MS))


def test_an_application_tells_of_the_decision_the_demand_and_what_is_owed(service):
    case_id, decision = fined_case(service)
    demand = demanded(service, case_id)
    asked = said(service, demand)
    assert (asked["number"], asked["wait_days"], asked["owed_fen"]["yuan"]) == (decision, 10, "20.00")
    serve(service, case_id, demand.id)
    printed = act(service, case_id, A.ENFORCE, at_ms=NOW_MS + 30 * DAY_MS)
    told = said(service, printed.document)
    assert (told["number"], told["demand_number"]) == (decision, demand.number)
    assert (told["demand_served_on"], told["owed_fen"]["yuan"]) == ("2027-01-15", "20.00")
    assert told["cited"]["verified"] is False  # whether the ten days are working days was not read
    assert printed.document.kind not in serving.TO_PARTY


# NOW_MS is Friday 2027-01-15 in Beijing: the tenth working day after it is Friday the 29th
@pytest.mark.parametrize(
    ("asked", "served", "days", "why"),
    [
        (False, False, 30, "no demand was issued"),
        (True, False, 30, "nothing proves that .* was served"),
        (True, True, 14, "its last day is 2027-01-29"),
        (True, True, 15, None),
    ],
)
def test_nothing_is_enforced_before_the_demand_s_days_are_over(service, asked, served, days, why):
    case_id, _ = fined_case(service)
    if asked:
        demand = demanded(service, case_id)
        if served:
            serve(service, case_id, demand.id)
    at_ms = NOW_MS + days * DAY_MS
    if why is None:
        assert act(service, case_id, A.ENFORCE, at_ms=at_ms).document.kind == Kind.ENFORCEMENT
        return
    with pytest.raises(ConflictError, match=why):
        act(service, case_id, A.ENFORCE, at_ms=at_ms)
    with service.sessions.reading() as session:
        assert cases.get(session, case_id).state == S.SERVED


def test_nothing_is_demanded_of_whom_nothing_is_owed(service):
    case_id, _ = fined_case(service)
    with unit_of_work(service.sessions) as session:
        book.reverse_case(session, case_id, "officer", NOW_MS, "wrong")
    with pytest.raises(ConflictError, match="nothing is owed"):
        demanded(service, case_id)


def test_a_revocation_withdraws_what_rests_on_the_decision(service):
    case_id, _ = fined_case(service)
    act(service, case_id, A.MAINTAIN, reason="演政复〔2027〕12 号")
    demanded(service, case_id)
    with unit_of_work(service.sessions) as session:
        book.reverse_case(session, case_id, "officer", NOW_MS, "wrong")
    revoked = act(service, case_id, A.REVOKE, reason="事发时交警正在现场指挥")
    with service.sessions.reading() as session:
        withdrawn = {row.document.kind: row.withdrawn_by for row in documents_of(session, case_id)}
    number = revoked.document.number
    assert withdrawn == {
        Kind.PENALTY: number,
        Kind.MAINTENANCE: number,
        Kind.DEMAND: number,
        Kind.REVOCATION: None,
    }
