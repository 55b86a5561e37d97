"""`lukou shadow run` and `report`, from files to what the operator sees."""

import json

import pytest
from package import SCENE, walk

import lukou
from edge.trajectories import tracks_csv

PAIRS = (((0, 0), (0, 0)), ((60, 0), (6, 0)), ((60, 40), (6, 9)), ((0, 40), (0, 9)))
GROUND = f"ground: {{points: [{', '.join(f'{{px: {[*px]}, m: {[*m]}}}' for px, m in PAIRS)}]}}\n"
VEH = SCENE.replace("ped,", "veh,")
MOVED = GROUND.replace("[6, 9]", "[7, 9]")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "a.yaml").write_text(SCENE)
    (tmp_path / "tracks.csv").write_text(tracks_csv(walk()))
    (tmp_path / "signals.csv").write_text("t_ms,signal_id,state\n0,ped,red\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder, capsys):
    def call(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            lukou.main(["shadow", *words])
        return left.value.code, *capsys.readouterr()

    return call


TRIAL = ("run", "--scene", "a.yaml", "--shadow", "b.yaml", "--tracks", "tracks.csv", "--signals", "signals.csv")


def advance(metres: float) -> tuple[str, str]:
    return "crosswalks", f"rules: {{pedestrian_red_light: {{advance_m: {metres}}}}}\ncrosswalks"


@pytest.mark.parametrize(
    ("story", "edit", "counts", "why", "terms"),
    [
        ("the same scene", ("", ""), (1, 0, 0), [], []),
        ("a shorter advance", advance(2.0), (1, 0, 0), [],
         ["pedestrian_red_light.advance_m: live 3.0, shadow 2.0"]),
        ("a longer one", advance(20.0), (0, 1, 0),
         ["shadow: lawful, little_advance"], ["pedestrian_red_light.advance_m: live 3.0, shadow 20.0"]),
        ("a crosswalk elsewhere", ("[0, 0], [5, 0], [5, 10], [0, 10]", "[9, 0], [12, 0], [12, 9], [9, 9]"), (0, 1, 0),
         ["shadow: no passage of n"], ["zone n: crosswalk.polygon_m is not the same"]),
    ],
)  # fmt: skip
def test_a_rule_set_is_tried_on_trajectories(folder, run, story, edit, counts, why, terms):
    (folder / "b.yaml").write_text(SCENE.replace(*edit, 1))
    status, out, _ = run(*TRIAL, "--out", "shadow.jsonl", "--json")
    found = json.loads(out)
    assert status == 0
    assert [(c["both"], c["only_live"], c["only_shadow"]) for c in found["counts"]] == [counts]
    assert [reason for d in found["differences"] for reason in d["why"]] == why
    assert found["terms"] == terms
    assert json.loads(run("report", "shadow.jsonl", "--json")[1]) == found
    status, table, _ = run("report", ".")
    assert status == 0
    assert all(term in table for term in terms)


@pytest.mark.parametrize(
    ("story", "live", "shadow", "says"),
    [
        ("another camera", SCENE, SCENE.replace("id: c,", "id: d,"), "b.yaml: camera.id: d, needs the live scene's c"),
        ("other metres", SCENE + GROUND, SCENE + MOVED, "b.yaml: ground: is not the live scene's"),
        ("another lamp", SCENE, VEH, "b.yaml: signals: veh: the live scene has no such signal"),
        (
            "a fault in it",
            SCENE,
            SCENE.replace("signal: ped", "signal: far"),
            "b.yaml: crosswalks[0].signal: no signal",
        ),
    ],
)
def test_a_scene_that_cannot_judge_these_observations_is_one_line_and_status_2(folder, run, story, live, shadow, says):
    (folder / "a.yaml").write_text(live)
    (folder / "b.yaml").write_text(shadow)
    status, _, err = run(*TRIAL)
    assert status == 2
    (line,) = err.strip().splitlines()
    assert line.startswith(says)
