"""`lukou remix`: footage, clips, what is played, files."""

from dataclasses import dataclass
from pathlib import Path

from calibration.ground import Ground
from calibration.reader import load_scene
from calibration.scene import Scene
from datasets.debian import Say
from datasets.demo.run import SCENE
from datasets.errors import PartMissingError
from datasets.remix.extract import clips_of
from datasets.remix.files import truth_lines, write_remix
from datasets.remix.staging import Wish, stage
from datasets.remix.values import Clip, Remix
from edge.pipeline import PictureBgr


@dataclass(frozen=True, slots=True)
class Cast:
    """Who can be played, and where: the same for every seed."""

    scene: Scene
    ground: Ground
    empty: PictureBgr
    clips: tuple[Clip, ...]


@dataclass(frozen=True, slots=True)
class Remixed:
    """What was made: how many play, and how many of them violate."""

    acts: int
    violations: int
    remix: Remix


def cast_of(footage: Path, cache: Path, say: Say) -> Cast:
    """Return who walks in the demonstration's footage. Raises PartMissingError."""
    scene = load_scene(SCENE)
    if scene.ground is None:
        raise PartMissingError(str(SCENE), "it has no ground", "Give a scene with reference points")
    return Cast(scene, scene.ground, *clips_of(footage, scene, cache, say))


def remix(cast: Cast, wish: Wish, out: Path, say: Say) -> Remixed:
    """Make one remix."""
    say("choosing who walks when")
    played = stage(wish, cast.clips, cast.ground, cast.scene.size_px)
    write_remix(played, cast.empty, cast.scene, out, say)
    return Remixed(len(played.acts), len(truth_lines(played)), played)
