"""What is printed: every kind, the same bytes in every process, and no text of a party is ever code."""

import re
import subprocess
import sys
import threading
from dataclasses import replace
from hashlib import sha256

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import ACT, HEADING, PARTY, SAID

from server.documents import qr
from server.documents.data import to_json
from server.documents.press import Press
from server.documents.words import Kind
from server.errors import NotFoundError, PartAwayError

PENALTY = SAID[Kind.PENALTY]
AS_A_PROCESS = """
import sys
from hashlib import sha256
from pathlib import Path
from server.documents.press import Press
from server.documents.words import Kind
press = Press(Path(sys.argv[1]))
for file in sys.argv[2:]:
    print(sha256(press.pdf(Kind(Path(file).stem), 1, Path(file).read_bytes())).hexdigest())
"""


def data_of(said, heading=HEADING) -> bytes:
    return to_json(heading, said, qr.pictures(said))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_an_archivable_tagged_pdf_that_says_who_issued_it_when(press, kind):
    pdf = press.pdf(kind, 1, data_of(SAID[kind]))
    assert pdf.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"/MarkInfo" in pdf
    assert re.findall(rb"/CreationDate\(D:(\d{14}Z)", pdf) == [b"20261130005320Z"]


@pytest.mark.process
def test_another_process_prints_the_same_bytes(press, font, tmp_path):
    files = [tmp_path / f"{kind}.json" for kind in Kind]
    for file in files:
        file.write_bytes(data_of(SAID[Kind(file.stem)]))
    words = [sys.executable, "-c", AS_A_PROCESS, str(font), *map(str, reversed(files))]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    ours = [sha256(press.pdf(Kind(file.stem), 1, file.read_bytes())).hexdigest() for file in files]
    assert done.stdout.split() == ours[::-1]


def test_threads_print_without_disturbing_each_other(press):
    data, found = data_of(PENALTY), []
    threads = [threading.Thread(target=lambda: found.append(press.pdf(Kind.PENALTY, 1, data))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    "name",
    [
        "#panic()",
        "$x$ *bold* _it_ `raw` = head",
        "\\ \" ' {} [] <label> @ref // ~ #sys.inputs.data",
        '"); #import "frame.typ": *; ("',
        "长" * 2000,
        "A" * 2000,
        "\u202egnp.exe\u202c \u200f\u2067x\u2069",
        "\x00\x1b[31m\x7f\ufeff\ufff9",
        "𠮷野家 ب العربية 🚲 \ue000",
        "a\u0301\u0302\u0303" * 50,
        "",
    ],
)
def test_whatever_a_name_is_it_is_only_shown(press, name):
    said = replace(PENALTY, party=replace(PARTY, name=name, address=name), act=replace(ACT, place=name, fact=name))
    assert press.pdf(Kind.PENALTY, 1, data_of(said)).startswith(b"%PDF")


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_text_stops_the_press(press, text):
    said = replace(SAID[Kind.HEARING], statement=text, answer=text, party=replace(PARTY, name=text))
    assert press.pdf(Kind.HEARING, 1, data_of(said)).startswith(b"%PDF")


def test_code_in_a_name_is_printed_letter_by_letter(press):
    """If `#(1 + 1)` were read as code, both names would look the same."""
    code, reckoned = (replace(PENALTY, party=replace(PARTY, name=name)) for name in ("#(1+1)", "2"))
    assert press.pages(Kind.PENALTY, 1, data_of(code)) != press.pages(Kind.PENALTY, 1, data_of(reckoned))


def test_its_qr_codes_can_be_read_from_the_paper(press):
    page = cv2.imdecode(np.frombuffer(press.pages(Kind.NOTICE, 1, data_of(SAID[Kind.NOTICE]), ppi=200)[0], np.uint8), 0)
    _, found, _, _ = cv2.QRCodeDetector().detectAndDecodeMulti(page)
    assert set(found) == {SAID[Kind.NOTICE].query.url, SAID[Kind.NOTICE].proof.url}


def test_a_letter_that_the_font_lacks_and_one_that_turns_text_look_the_same_and_are_named(press):
    def pages(name, rare):
        said = replace(SAID[Kind.RECEIPT], payer=name, taken_by=rare)
        return press.pages(Kind.RECEIPT, 1, data_of(said))

    assert pages("𠮷野", "收") != pages("〓野", "收")  # the note names U+20BB7
    assert pages("\u202e野", "收") != pages("野", "收")


@pytest.mark.parametrize("kind", Kind)
def test_a_demonstration_is_marked_on_every_page(press, kind):
    real = replace(HEADING, demonstration=False)
    for shown, plain in zip(
        press.pages(kind, 1, data_of(SAID[kind])), press.pages(kind, 1, data_of(SAID[kind], real)), strict=True
    ):
        assert shown != plain


def test_a_long_document_goes_on_to_further_pages(press):
    said = replace(SAID[Kind.HEARING], statement="我说的每一句话都要记下来。\n" * 150)
    assert len(press.pages(Kind.HEARING, 1, data_of(said))) > 2
    lines = SAID[Kind.PARTY_ACCOUNT].lines * 40
    assert len(press.pages(Kind.PARTY_ACCOUNT, 1, data_of(replace(SAID[Kind.PARTY_ACCOUNT], lines=lines)))) > 2


def test_an_unknown_template_and_a_missing_font_are_told(press, tmp_path):
    with pytest.raises(NotFoundError, match="no template for notice of version 99"):
        press.pdf(Kind.NOTICE, 99, data_of(SAID[Kind.NOTICE]))
    with pytest.raises(PartAwayError, match="lukou assets pull"):
        Press(tmp_path / "no.ttf")


def test_the_pictures_of_the_docs_are_what_is_printed(press, pictures):
    for kind in (Kind.NOTICE, Kind.RECEIPT):
        page = cv2.imdecode(np.frombuffer(press.pages(kind, 1, data_of(SAID[kind]), ppi=84)[0], np.uint8), 1)
        place = pictures / f"document-{kind}.jpg"
        assert cv2.imwrite(str(place), page, [cv2.IMWRITE_JPEG_QUALITY, 80])
        assert 20_000 < place.stat().st_size < 150_000
