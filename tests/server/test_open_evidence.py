"""Opening the evidence store: which settings hold, and which services are refused."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest
from seaweed import KEY_ID, SECRET

from datasets.demo.broker import free_port
from server.errors import PartAwayError, SettingsProblemError
from server.open_evidence import open_evidence, problems
from server.settings import Settings

GOOD = {"evidence_url": "s3://bucket/prefix", "evidence_key_id": "k", "evidence_secret": "s"}


@pytest.mark.parametrize(
    ("story", "changes", "named"),
    [
        ("as it should be", {}, []),
        ("a bucket alone", {"evidence_url": "s3://bucket"}, []),
        ("an https service", {"evidence_endpoint": "https://s3.example.cn"}, []),
        ("http where it is allowed", {"evidence_endpoint": "http://s3", "evidence_allow_http": True}, []),
        ("the machine's own role", {"evidence_key_id": None, "evidence_secret": None}, []),
        ("no bucket", {"evidence_url": "s3://"}, ["URL"]),
        ("not S3", {"evidence_url": "gs://bucket"}, ["URL"]),
        ("a key in the URL", {"evidence_url": "s3://key:secret@bucket"}, ["URL"]),
        ("http", {"evidence_endpoint": "http://s3"}, ["ENDPOINT"]),
        ("no address", {"evidence_endpoint": "s3.example.cn", "evidence_allow_http": True}, ["ENDPOINT"]),
        ("a key without a secret", {"evidence_secret": None}, ["KEY_ID"]),
        ("a secret without a key", {"evidence_key_id": None}, ["KEY_ID"]),
        ("two secrets, one of them missing", {"evidence_secret_file": "/nowhere"}, ["SECRET", "SECRET_FILE"]),
        (
            "all wrong",
            {"evidence_url": "x", "evidence_endpoint": "x", "evidence_secret": None},
            ["URL", "ENDPOINT", "KEY_ID"],
        ),
    ],
)
def test_all_that_is_wrong_is_told_at_once(story, changes, named):
    found = problems(Settings(**GOOD | changes))
    assert [problem.split(":")[0] for problem in found] == [f"LUKOU_EVIDENCE_{name}" for name in named]


def test_a_wrong_setting_starts_nothing_and_no_secret_is_shown():
    settings = Settings(**GOOD | {"evidence_url": "x", "evidence_secret": "geheim", "database_url": "sqlite://geheim"})
    with pytest.raises(SettingsProblemError, match="LUKOU_EVIDENCE_URL"):
        open_evidence(settings)
    assert "geheim" not in repr(settings)


def bucket(address: str, **changes) -> Settings:
    values = {
        "evidence_url": f"s3://evidence/{uuid4().hex}",
        "evidence_endpoint": address,
        "evidence_key_id": KEY_ID,
        "evidence_secret": SECRET,
        "evidence_allow_http": True,
    }
    return Settings(**values | changes)


@pytest.mark.process
def test_the_secret_may_lie_in_a_file_and_a_second_start_is_as_good(s3_address, tmp_path):
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    settings = bucket(s3_address, evidence_secret=None, evidence_secret_file=tmp_path / "secret")
    assert open_evidence(settings).put(b"x")
    assert not open_evidence(settings).put(b"x")


@pytest.mark.process
def test_a_wrong_key_is_told_at_the_start(s3_address):
    with pytest.raises(PartAwayError, match="may this key write there"):
        open_evidence(bucket(s3_address, evidence_secret="wrong"))  # noqa: S106


def test_a_service_that_is_away_is_told_at_the_start():
    with pytest.raises(PartAwayError, match="Is it running"):
        open_evidence(bucket(f"http://127.0.0.1:{free_port()}"))


@pytest.fixture
def overwriting():
    """A service that takes every PUT whatever its conditions."""

    class Answer(BaseHTTPRequestHandler):
        def do_PUT(self):
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("ETag", '"x"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_service_that_overwrites_is_refused(overwriting):
    with pytest.raises(SettingsProblemError, match="If-None-Match"):
        open_evidence(bucket(overwriting))
