"""Files that a party sends: what they are is told by their bytes, and the store alone opens none of them."""

import pytest
from centre import picture

from server import sealed_values
from server.db import unit_of_work
from server.errors import ConflictError, NotFoundError
from server.own_page import attachments
from server.own_page.attachments import BYTES_MAX, digest, media_type, opened, problems, seal

PDF, PNG = b"%PDF-1.7\n%", b"\x89PNG\r\n\x1a\n\x00\x00"


@pytest.mark.parametrize(
    ("story", "data", "kind"),
    [
        ("a photograph", picture(1), "image/jpeg"),
        ("a screenshot", PNG, "image/png"),
        ("a scan", PDF, "application/pdf"),
        ("a page", b"<html><script>", None),
        ("a page that calls itself a picture", b"\xff\xd8<html>", None),
        ("a drawing that may hold a script", b"<svg xmlns=", None),
        ("a program", b"MZ\x90\x00", None),
        ("an archive", b"PK\x03\x04", None),
        ("a PDF behind a page", b"<html>%PDF-1.7", None),
        ("nothing", b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(story, data, kind):
    assert media_type(data) == kind


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ((), []),
        ((PDF, PNG, PDF), []),
        ((PDF,) * 4, [("many_files", "4")]),
        ((PDF + bytes(BYTES_MAX - len(PDF)),), []),
        ((PDF + bytes(BYTES_MAX - len(PDF) + 1),), [("large_file", "1")]),
        ((PDF, b"<html>", PDF + bytes(BYTES_MAX)), [("kind_of_file", "2"), ("large_file", "3")]),
    ],
)
def test_everything_that_is_wrong_is_told_at_once(files, told):
    assert [(problem.key, problem.found) for problem in problems(files)] == told


def test_a_file_opens_with_its_key_and_is_gone_with_it(service):
    key, sealed = seal(PDF, "own-page/1/file/1")
    assert PDF not in sealed
    service.store.put(sealed)
    with unit_of_work(service.sessions) as session:
        sealed_values.keep(session, service.secrets_box, "own-page/1/file/1", key, None, 1)
        sealed_values.keep(session, service.secrets_box, "own-page/2/file/1", key, None, 1)
        kept = (session, service.secrets_box, service.store)
        assert opened(*kept, "own-page/1/file/1", digest(sealed)) == PDF
        with pytest.raises(ConflictError, match="was changed"):  # another message's file
            opened(*kept, "own-page/2/file/1", digest(sealed))
        with pytest.raises(NotFoundError, match="not in the store"):
            opened(*kept, "own-page/1/file/1", "0" * 64)
        sealed_values.forget(session, "own-page/1/file/1")
        with pytest.raises(NotFoundError, match="its time was over"):
            opened(*kept, "own-page/1/file/1", digest(sealed))


def test_every_kind_that_is_taken_has_an_ending():
    assert {kind for _, kind in attachments.BEGINNINGS} == set(attachments.ENDINGS)
