"""`lukou remix`: footage, clips, what is played, files."""

from dataclasses import dataclass
from pathlib import Path

from calibration.reader import load_scene
from datasets.debian import Say
from datasets.demo.run import SCENE
from datasets.errors import PartMissingError
from datasets.remix.extract import clips_of
from datasets.remix.files import truth_lines, write_remix
from datasets.remix.staging import Wish, stage
from datasets.remix.values import Remix


@dataclass(frozen=True, slots=True)
class Remixed:
    """What was made: how many play, and how many of them violate."""

    acts: int
    violations: int
    remix: Remix


def remix(footage: Path, wish: Wish, cache: Path, out: Path, say: Say) -> Remixed:
    """Make one remix of the demonstration's footage. Raises PartMissingError."""
    scene = load_scene(SCENE)
    if scene.ground is None:
        raise PartMissingError(str(SCENE), "it has no ground", "Give a scene with reference points")
    empty, clips = clips_of(footage, scene, cache, say)
    say("choosing who walks when")
    played = stage(wish, clips, scene.ground, scene.size_px)
    write_remix(played, empty, scene, out, say)
    return Remixed(len(played.acts), len(truth_lines(played)), played)
