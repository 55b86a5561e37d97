"""`lukou judge PACKAGE_DIR`: the stored verdict again, or what differs, or what of the package cannot be read."""

import json
from dataclasses import dataclass

import pytest
from package import SCENE, falsify, recorder, walk, write_package

import lukou
from calibration.rule_parameters import PARAMETERS
from contract.words import HandOffCause, LampState
from edge.history import History
from edge.judge_packages import packages_below, replay
from edge.record import VerdictFile
from edge.rules.red_light import VERSION
from edge.signals.hand_off import HandOff
from edge.signals.timeline import LampChange, SignalTimeline

RED = SignalTimeline([LampChange(0, "ped", LampState.RED)])
LOOK_AHEAD_MS = PARAMETERS["tracks"]["look_ahead_s"].default * 1000
STEP_MS = 100


@pytest.fixture
def package(tmp_path):
    (folder,) = write_package(tmp_path / "evidence", recorder(RED), walk())
    return folder


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def judge(capsys):
    def run(*words: str) -> Done:
        with pytest.raises(SystemExit) as left:
            lukou.main(["judge", *words])
        return Done(left.value.code, *capsys.readouterr())

    return run


def test_a_package_gives_its_verdict_again(judge, package):
    names = {path.name for path in package.iterdir()}
    assert names >= {"scene.yaml", "tracks.csv", "signals.csv", "verdict.json", "manifest.json", "entry.jpg"}
    assert "hand_off.csv" not in names
    done = judge(str(package))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"{package}: pedestrian_red_light, track 7, n: the same verdict, bit for bit"


def test_the_neighbours_are_in_it_and_nothing_that_was_not_known_at_the_verdict(package):
    rows = (package / "tracks.csv").read_text().splitlines()
    verdict = VerdictFile.model_validate_json((package / "verdict.json").read_bytes())
    assert {row.split(",")[1] for row in rows[1:]} == {"7", "8"}
    assert int(rows[-1].split(",")[0]) == verdict.said_ms
    known_ms = verdict.violation.confirmed_ms + LOOK_AHEAD_MS
    assert known_ms <= verdict.said_ms <= known_ms + STEP_MS  # an instant is whole once the next has come
    assert (verdict.replayable, verdict.reason) == (True, None)


@pytest.mark.parametrize("empty_s", [30, 400])
def test_a_long_day_before_the_act_is_left_out(tmp_path, empty_s):
    memory = recorder(RED)
    (folder,) = write_package(tmp_path, memory, walk(empty_until_ms=empty_s * 1000))
    verdict = VerdictFile.model_validate_json((folder / "verdict.json").read_bytes())
    assert verdict.replayable
    assert 0 <= verdict.from_ms - (verdict.violation.entered_ms - 10_000) < 100
    assert (folder / "signals.csv").read_text().splitlines()[1] == f"{verdict.from_ms},ped,red,0"
    assert replay(folder, "0.1.0").same


def test_an_act_that_is_longer_than_what_is_remembered_says_that_it_cannot_be_replayed(judge, tmp_path):
    span_ms = 1000
    memory = recorder(RED, history=History(span_ms=span_ms))
    (folder,) = write_package(tmp_path, memory, walk())
    verdict = VerdictFile.model_validate_json((folder / "verdict.json").read_bytes())
    assert not verdict.replayable
    began_ms, remembered_ms = verdict.violation.entered_ms, verdict.said_ms - span_ms
    assert verdict.reason == f"the act began at {began_ms} ms, what is remembered at {remembered_ms} ms"
    done = judge(str(folder))
    assert done.returncode == 1
    assert "first_seen_inside" in done.stdout
    assert f"it was written as not replayable: {verdict.reason}" in done.stdout


def test_an_officers_switch_is_part_of_the_record(tmp_path):
    memory = recorder(RED, hand_off=HandOff([(0, HandOffCause.DIRECTED), (500, None)]))
    (folder,) = write_package(tmp_path, memory, walk(empty_until_ms=20_000))
    assert (folder / "hand_off.csv").read_text().splitlines()[0] == "t_ms,set"
    assert replay(folder, "0.1.0").same


def edited(package, name, before, after) -> bytes:
    text = (package / name).read_text(encoding="utf-8")
    assert before in text
    return text.replace(before, after, 1).encode()


def with_advance(metres: float) -> str:
    return f"rules: {{pedestrian_red_light: {{advance_m: {metres}}}}}\ncrosswalks:"


RED_LIGHT, STEP = "pedestrian_red_light", "3600,7,pedestrian,2.000,"
FALSE = [
    ("a shorter advance", "scene.yaml", "crosswalks:", with_advance(2.0),
     {"confirmed_ms": ("3600", "2900"), "rule.parameters.advance_m": ("3.0", "2.0")}),
    ("a longer advance", "scene.yaml", "crosswalks:", with_advance(9.0),
     {"verdict": (RED_LIGHT, "none: little_advance")}),
    ("a green lamp", "signals.csv", "ped,red", "ped,green", {"verdict": (RED_LIGHT, "none: not_red_at_entry")}),
    ("a later red", "signals.csv", "0,ped,red", "200,ped,red", {"lamp_since_ms": ("0", "200")}),
    ("a longer step", "tracks.csv", f"{STEP}3.040", f"{STEP}3.100", {"measure": ("3.04", "3.1")}),
    ("a doubt well before the entry", "tracks.csv", "1,1,1.000\n", "1,1,0.100\n", None),
    ("another version", "verdict.json", f'"version":{VERSION}', '"version":1',
     {"rule.version": ("1", str(VERSION))}),
    ("another time", "verdict.json", '"confirmed_ms":3600', '"confirmed_ms":3500', {"confirmed_ms": ("3500", "3600")}),
]  # fmt: skip


@pytest.mark.parametrize(("story", "name", "before", "after", "differ"), FALSE, ids=[row[0] for row in FALSE])
def test_what_was_exchanged_is_seen_by_the_hash_and_else_by_the_verdict(package, story, name, before, after, differ):
    data = edited(package, name, before, after)
    unchanged = (package / name).read_bytes()
    (package / name).write_bytes(data)
    (problem,) = replay(package, "0.1.0").problems
    assert str(package / name) in problem
    (package / name).write_bytes(unchanged)
    falsify(package, name, data)
    judged = replay(package, "0.1.0")
    assert judged.problems == ()
    found = {d.what: (d.stored, d.now) for d in judged.differences}
    if differ is None:
        assert judged.same  # the verdict does not rest on it
    else:
        assert differ.items() <= found.items()


def test_a_difference_is_told_in_a_table_with_status_1(judge, package):
    falsify(package, "signals.csv", edited(package, "signals.csv", "0,ped,red", "200,ped,red"))
    done = judge(str(package))
    assert done.returncode == 1
    assert "NOT the same" in done.stdout
    assert "lamp_since_ms" in done.stdout
    assert "Traceback" not in done.stderr


def test_another_software_that_judges_the_same_is_no_difference_but_is_said(judge, package):
    assert replay(package, "9.9").same
    falsify(
        package,
        "verdict.json",
        edited(package, "verdict.json", '"software_version":"0.1.0"', '"software_version":"0.0.1"'),
    )
    assert "bit for bit (written by 0.0.1)" in judge(str(package)).stdout


def falsified(name: str, before: str, after: str):
    return lambda package: falsify(package, name, edited(package, name, before, after))


@pytest.mark.parametrize(
    ("story", "spoil", "says"),
    [
        ("a file is missing", lambda p: (p / "tracks.csv").unlink(), "expected a file of the package, found none"),
        ("a byte more", lambda p: (p / "scene.yaml").write_text(SCENE + " "), "scene.yaml: expected"),
        ("no JSON", lambda p: (p / "manifest.json").write_bytes(b"{"), "manifest.json: expected a sealed message"),
        ("an unknown field", falsified("verdict.json", '"kind"', '"x":1,"kind"'), "verdict.json: violation.x: "),
        ("somebody else", falsified("verdict.json", '"track_id":7', '"track_id":8'), "expected the verdict on event"),
        ("a scene with faults", falsified("scene.yaml", "signal: ped", "signal: far"), "no signal 'far'"),
        ("rows with faults", falsified("tracks.csv", "pedestrian", "dog"), "tracks.csv:2: kind: 'dog'"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_status_2(judge, package, story, spoil, says):
    spoil(package)
    done = judge(str(package))
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert says in line


def test_a_package_of_pictures_alone_cannot_be_judged(package):
    manifest = json.loads((package / "manifest.json").read_bytes())
    manifest["body"]["files"] = [file for file in manifest["body"]["files"] if file["name"].endswith(".jpg")]
    (package / "manifest.json").write_text(json.dumps(manifest))
    (problem,) = replay(package, "0.1.0").problems
    assert problem.endswith(
        "names no scene.yaml, tracks.csv, signals.csv, verdict.json: this package cannot be judged again"
    )


def test_a_folder_of_packages_is_summed_up(judge, tmp_path):
    packages = [
        folder
        for n in (1, 2, 3)
        for folder in write_package(tmp_path / "e", recorder(RED), walk(empty_until_ms=n * 5000))
    ]
    assert packages_below([tmp_path / "e"]) == sorted(packages)
    assert judge(str(tmp_path / "e")).stdout.splitlines()[-1] == "3 packages: 3 the same, 0 differ, 0 cannot be read"
    falsify(packages[0], "signals.csv", edited(packages[0], "signals.csv", "red", "green"))
    done = judge(str(tmp_path / "e"))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "3 packages: 2 the same, 1 differ, 0 cannot be read")
    (packages[1] / "verdict.json").unlink()
    done = judge(*map(str, packages))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (2, "3 packages: 1 the same, 1 differ, 1 cannot be read")


@pytest.mark.parametrize(
    ("story", "words", "says"),
    [
        ("both forms", ["{package}", "--scene", "s.yaml"], "--scene: is for trajectories; a package brings its own"),
        ("neither", [], "expected --scene, --tracks, --signals, --out; or the folders of evidence packages"),
        ("half of one", ["--scene", "s.yaml", "--out", "o"], "expected --tracks, --signals; or the folders"),
        ("no package", ["/"], "/: expected a package or a folder of packages, found no manifest.json"),
    ],
)  # fmt: skip
def test_the_two_forms_are_not_mixed(judge, package, story, words, says):
    done = judge(*(word.format(package=package) for word in words))
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
