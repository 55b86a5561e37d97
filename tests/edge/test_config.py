"""edge.yaml's signals and inputs: what an installer writes, and every mistake in one line with its place."""

import pytest

from calibration.scene import FixedPlan, Scene, Signal
from edge.config import load_config
from edge.errors import InputProblemError
from edge.source_checks import scene_problems, sources_of

HEAD = """
device: {id: box-1, key_file: key.pem, token_file: token}
centre: {url: "http://127.0.0.1:8000", public_key_file: centre.pem}
data: ./data
"""
INPUTS = """
inputs:
  controller: {mqtt: {topic: signals/yq-003/spat}}
  pushed: {http: {port: 8090, token_file: push-token}}
  detector: {tcp: {host: 10.0.0.9, port: 4001}, lit: 0}
  cabinet: {serial: {path: /dev/ttyUSB0, baud: 19200}}
"""


def written(tmp_path, text):
    path = tmp_path / "edge.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def camera(signals: str) -> str:
    return f"  - {{scene: n.yaml, source: v.avi, signals: {signals}}}\n"


def test_what_an_installer_writes_is_understood_and_paths_are_taken_from_the_files_folder(tmp_path):
    text = (
        INPUTS
        + "cameras:\n"
        + camera(
            "{ped-n: [{source: lamp}, {source: feed, input: controller, name: '12'}],"
            " veh-n: [{source: wire, input: detector, red: 1, yellow: 2, green: 3}, {source: plan}]}"
        )
    )
    config = load_config(written(tmp_path, text))
    signals = config.cameras[0].signals
    assert [source.source for source in signals["ped-n"]] == ["lamp", "feed"]
    assert (signals["veh-n"][0].red, signals["veh-n"][0].age_max_s) == ("1", 1.0)
    assert config.inputs["pushed"].http.token_file == tmp_path / "push-token"
    assert str(config.inputs["cabinet"].serial.path) == "/dev/ttyUSB0"


def test_a_file_that_says_nothing_of_signals_still_holds(tmp_path):
    config = load_config(written(tmp_path, "cameras:\n  - {scene: n.yaml, source: v.avi}\n"))
    assert (config.cameras[0].signals, config.inputs) == ({}, {})


@pytest.mark.parametrize(
    ("signals", "says"),
    [
        ("{ped-n: [{source: feed, input: typo}]}", ["cameras.0.signals.ped-n.0.input: no input 'typo'"]),
        ("{ped-n: [{source: feed, input: detector}]}", ["'detector' is no feed, needs an input with mqtt or http"]),
        ("{p: [{source: wire, input: pushed, red: R, green: G}]}", ["'pushed' is no wire, needs an input with tcp or"]),
        ("{ped-n: [{source: plan}, {source: plan}]}", ["cameras.0.signals.ped-n.1: plan is given twice"]),
        ("{ped-n: []}", ["cameras.0.signals.ped-n: "]),
        ("{ped-n: [{source: guess}]}", ["cameras.0.signals.ped-n.0: ", "'lamp', 'feed', 'wire', 'plan'"]),
        ("{p: [{source: wire, input: detector, red: R, green: R}]}", ["expected different channels, found R, R"]),
        ("{p: [{source: wire, input: detector, red: R}]}", ["cameras.0.signals.p.0.wire.green: Field required"]),
        ("{p: [{source: lamp, age_max_s: 0}]}", ["cameras.0.signals.p.0.lamp.age_max_s"]),
        ("{'A b': [{source: lamp}]}", ["cameras.0.signals.A b"]),
        (
            "{p: [{source: feed, input: typo}], q: [{source: plan}, {source: plan}]}",
            ["cameras.0.signals.p.0.input", "cameras.0.signals.q.1"],
        ),
    ],
)
def test_what_cannot_be_is_said_with_its_place(tmp_path, signals, says):
    with pytest.raises(InputProblemError) as raised:
        load_config(written(tmp_path, INPUTS + "cameras:\n" + camera(signals)))
    assert len(raised.value.problems) == len([words for words in says if words.startswith("cameras")] or says)
    for words in says:
        assert words in str(raised.value)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("{}", "needs one of mqtt, http, tcp, serial"),
        ("{tcp: {host: a, port: 1}, mqtt: {topic: t}}", "needs one of mqtt, http, tcp, serial"),
        ("{mqtt: {topic: 'signals/#'}}", "inputs.a.mqtt.topic"),
        ("{http: {port: 8090}}", "inputs.a.http.token_file: Field required"),
        ("{serial: {path: /dev/ttyS0, baud: 9601}}", "inputs.a.serial.baud"),
    ],
)
def test_an_input_that_is_none_is_said(tmp_path, given, says):
    with pytest.raises(InputProblemError, match=r"inputs\.a") as raised:
        load_config(written(tmp_path, f"inputs: {{a: {given}}}\ncameras:\n  - {{scene: n.yaml, source: v.avi}}\n"))
    assert says in str(raised.value)


@pytest.mark.parametrize(("name", "clash"), [("pushed", True), ("cabinet", True), ("controller", False)])
def test_an_input_that_one_camera_alone_can_open_is_not_given_to_two(tmp_path, name, clash):
    source = f"source: wire, input: {name}, red: R, green: G" if name == "cabinet" else f"source: feed, input: {name}"
    path = written(tmp_path, INPUTS + "cameras:\n" + camera(f"{{p: [{{{source}}}]}}") * 2)
    if clash:
        with pytest.raises(InputProblemError, match=rf"inputs\.{name}: one camera alone .* cameras\.0, cameras\.1"):
            load_config(path)
    else:
        load_config(path)


PLAN = FixedPlan(40, 0, (0, 20))
SIGNALS = (
    Signal("both", "pedestrian", PLAN, (1, 1, 9, 9)),
    Signal("drawn", "pedestrian", None, (1, 1, 9, 9)),
    Signal("planned", "vehicle", PLAN),
    Signal("bare", "vehicle"),
)


def scene() -> Scene:
    return Scene("s", "s", "c", "n", (100, 100), None, SIGNALS, (), (), ())


def test_where_nothing_is_said_the_scenes_own_lamp_and_plan_are_asked():
    assert {name: [s.source for s in each] for name, each in sources_of(scene(), {}).items()} == {
        "both": ["lamp", "plan"],
        "drawn": ["lamp"],
        "planned": ["plan"],
        "bare": [],
    }


def test_what_the_scene_lacks_is_refused(tmp_path):
    signals = "{planned: [{source: lamp}], drawn: [{source: lamp}, {source: plan}], nowhere: [{source: plan}]}"
    config = load_config(written(tmp_path, "cameras:\n" + camera(signals)))
    assert scene_problems(scene(), config.cameras[0].signals) == [
        "planned.0: the scene draws no lamp for it",
        "drawn.1: the scene draws no plan for it",
        "nowhere: the scene has no such signal, needs one of both, drawn, planned, bare",
    ]
