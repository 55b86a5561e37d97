"""`lukou evidence verify`: one changed byte, one missing file, one broken link or another key, and it says so."""

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from package import recorder, walk, write_package

import lukou
from contract.seal import canonical_bytes
from contract.words import LampState
from edge.chain import Link
from edge.evidence.sealing import Seal, reopen, seal_package
from edge.signals.timeline import LampChange, SignalTimeline
from edge.verify_packages import verify

RED = SignalTimeline([LampChange(0, "ped", LampState.RED)])
KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
NUMBERS = 4


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str


@pytest.fixture
def run(capsys):
    def evidence_verify(*words: object) -> Done:
        with pytest.raises(SystemExit) as left:
            lukou.main(["evidence", "verify", *map(str, words)])
        return Done(left.value.code, capsys.readouterr().out)

    return evidence_verify


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A device's folder with a chain of four packages: one act, told by four cameras."""
    root = tmp_path_factory.mktemp("device")
    link = Link()
    for number in range(NUMBERS):
        memory = recorder(RED)
        memory.place = replace(memory.place, camera_id=f"c-{number}")
        (folder,) = write_package(root, memory, walk())
        link = link.after(seal_package(reopen(folder), link, Seal("box", KEY), 1_767_225_700_000).sha256)
    return root


@pytest.fixture
def device(made, tmp_path) -> Path:
    shutil.copytree(made, tmp_path / "evidence")
    return tmp_path / "evidence"


def numbered(device: Path) -> list[Path]:
    """Return the packages by their numbers."""
    return sorted(device.iterdir(), key=lambda p: json.loads((p / "manifest.json").read_bytes())["body"]["sequence"])


def test_a_whole_chain_is_whole_and_so_is_each_package_of_it(run, device, tmp_path):
    done = run(device)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "4 packages: whole")
    assert "numbers 1 to 4, 4 here; the clock proves nothing in 4" in done.stdout
    assert run(numbered(device)[2]).returncode == 0
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(pem)
    assert run(device, "--key", tmp_path / "key.pem").returncode == 0


def body(package: Path, **changes: object) -> None:
    """Change the manifest's body as one would who lacks the key."""
    envelope = json.loads((package / "manifest.json").read_bytes())
    envelope["body"] |= changes
    (package / "manifest.json").write_bytes(canonical_bytes(envelope))


def reseal(package: Path, link: Link, key: Ed25519PrivateKey = KEY) -> None:
    seal_package(reopen(package), link, Seal("box", key), 1_767_225_700_000)


BROKEN = [
    ("a file lacks", lambda p: (p[1] / "entry.jpg").unlink(), "entry.jpg: expected a file of the package, found none"),
    ("a file more", lambda p: (p[1] / "note.txt").write_text("x"), "note.txt: expected only files that the manifest"),
    ("a link to elsewhere", lambda p: relink(p[1] / "tracks.csv"), "tracks.csv: expected a file of the package"),
    ("no manifest's seal", lambda p: body(p[1], track_id=8), "manifest.json: the signature is not that of"),
    ("not a manifest", lambda p: (p[1] / "manifest.json").write_bytes(b"{}"), "manifest.json: expected a sealed"),
    ("said otherwise", lambda p: spaced(p[1] / "manifest.json"), "manifest.json: expected the canonical form"),
    ("a package lacks", lambda p: shutil.rmtree(p[1]), "expected number 2, found none"),
    ("two packages lack", lambda p: [shutil.rmtree(p[n]) for n in (1, 2)], "expected number 2 to 3, found none"),
    ("one is sealed anew", lambda p: reseal(p[1], Link(2, "0" * 64)), "does not follow"),
    ("a number is there twice", lambda p: reseal(p[2], Link(2, "0" * 64)), "number 2 is there twice"),
    ("another event's folder", lambda p: p[1].rename(p[1].with_name("x")), "x: expected the folder of event"),
]


def spaced(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"body":', b'"body": '))


def relink(path: Path) -> None:
    path.rename(path.parent.parent / "elsewhere.csv")
    path.symlink_to(path.parent.parent / "elsewhere.csv")


@pytest.mark.parametrize(("story", "spoil", "says"), BROKEN, ids=[row[0] for row in BROKEN])
def test_what_is_broken_is_told_and_the_answer_is_no(run, device, story, spoil, says):
    spoil(numbered(device))
    done = run(device)
    assert done.returncode == 1
    assert any(says in line for line in done.stdout.splitlines()), done.stdout


def test_another_key_is_told(run, device, tmp_path):
    reseal(numbered(device)[3], Link(4, "0" * 64), OTHER)
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(pem)
    done = run(device, "--key", tmp_path / "key.pem")
    assert done.returncode == 1
    assert "manifest.json: expected the key" in done.stdout


def test_the_findings_as_json(run, device):
    shutil.rmtree(numbered(device)[1])
    found = json.loads(run("--json", device).stdout)
    assert (found["packages"], [chain["here"] for chain in found["chains"]]) == (3, [3])
    assert len(found["problems"]) == 1


def test_nothing_to_verify_is_wrong_input(run, tmp_path):
    assert run(tmp_path).returncode == 2


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_byte_of_a_package_can_be_changed_unseen(made, data):
    package = numbered(made)[data.draw(st.integers(0, NUMBERS - 1))]
    path = data.draw(st.sampled_from(sorted(package.iterdir())))
    before = path.read_bytes()
    place = data.draw(st.integers(0, len(before) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != before[place]))
    path.write_bytes(before[:place] + bytes([byte]) + before[place + 1 :])
    try:
        assert verify(sorted(made.iterdir()), None).problems
    finally:
        path.write_bytes(before)
    assert not verify([package], None).problems
