"""Who comes in, for how long, and who does not."""

import pytest
from centre import NOW_MS, PASSWORD

from server.access.models import User
from server.access.service import TRIES_MAX, TRIES_SPAN_MS, Role, add_user, check_form, log_in, log_out, visitor
from server.db import unit_of_work
from server.errors import NotAllowedError, NotLoggedInError, TooManyTriesError, WrongInputError

SESSION_S = 60


def entered(service, password: str = PASSWORD, at_ms: int = NOW_MS) -> str | None:
    with unit_of_work(service.sessions) as session:
        return log_in(session, "officer", password, at_ms, SESSION_S)


def who(service, token: str | None, at_ms: int = NOW_MS):
    with service.sessions.reading() as session:
        return visitor(session, token, at_ms)


def test_a_session_ends_by_itself(service):
    token = entered(service)
    assert who(service, token, NOW_MS + SESSION_S * 1000 - 1).role is Role.OFFICER
    with pytest.raises(NotLoggedInError):
        who(service, token, NOW_MS + SESSION_S * 1000)


@pytest.mark.parametrize("token", [None, "", "x", "ÿ", "x" * 5000])
def test_a_token_that_nobody_was_given_opens_nothing(service, token):
    with pytest.raises(NotLoggedInError):
        who(service, token)


def test_a_user_who_is_switched_off_is_out_at_once_and_does_not_come_back(service):
    token = entered(service)
    with unit_of_work(service.sessions) as session:
        session.get(User, "officer").active = False
    with pytest.raises(NotLoggedInError):
        who(service, token)
    assert entered(service) is None


def test_logging_out_ends_this_session_and_no_other(service):
    first, second = entered(service), entered(service)
    with unit_of_work(service.sessions) as session:
        log_out(session, first)
        log_out(session, None)
    assert who(service, second).name == "officer"
    with pytest.raises(NotLoggedInError):
        who(service, first)


def test_too_many_tries_wait_and_then_the_right_password_opens_again(service):
    for _ in range(TRIES_MAX):
        assert entered(service, "wrong") is None
    with pytest.raises(TooManyTriesError):
        entered(service)
    assert entered(service, at_ms=NOW_MS + TRIES_SPAN_MS) is not None


def test_a_form_belongs_to_its_session_whatever_its_token_is_made_of(service):
    visiting = who(service, entered(service))
    other = who(service, entered(service))
    check_form(visiting, visiting.csrf)
    for csrf in ("", "é", other.csrf, visiting.csrf + " "):
        with pytest.raises(NotAllowedError):
            check_form(visiting, csrf)


@pytest.mark.parametrize("role", Role)
def test_only_an_officer_decides(service, role):
    with unit_of_work(service.sessions) as session:
        add_user(session, "officer", PASSWORD, role, demonstration=False)
    visiting = who(service, entered(service))
    if role is Role.OFFICER:
        visiting.may_decide()
    else:
        with pytest.raises(NotAllowedError, match="only an officer"):
            visiting.may_decide()


def test_a_short_password_is_refused_and_none_is_stored_as_it_is(service):
    with unit_of_work(service.sessions) as session:
        assert PASSWORD not in session.get(User, "officer").password_hash
        with pytest.raises(WrongInputError, match="at least 12"):
            add_user(session, "new", "short", Role.OFFICER, demonstration=False)
