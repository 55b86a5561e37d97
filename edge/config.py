"""edge.yaml: what a box is told. Every problem is reported at once, with its place in the file."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from calibration import rule_parameters
from contract.fields import Identifier
from edge.camera.source import is_stream, problem_of
from edge.centre_config import CentreConfig, centre_below
from edge.clock_config import ClockConfig
from edge.disk_config import DiskConfig
from edge.errors import InputProblemError
from edge.source_checks import below, input_problems, shared_problems
from edge.source_config import Inputs, SignalSources
from edge.video_config import VideoConfig


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeviceConfig(_Part):
    """Who the box is."""

    id: Identifier
    key_file: Path = Field(description="Ed25519 private key, PEM; made on the box, readable by its user alone")
    token_file: Path = Field(description="the token that the centre gave at enrolment")


class ShadowConfig(_Part):
    """What judges beside the live rules, and accuses nobody: another scene, other rules, or both."""

    scene: Path | None = Field(default=None, description="another scene file of this camera; else the live one")
    rules: dict[str, dict[str, float]] | None = Field(default=None, description="instead of the scene's own `rules`")
    keep_days: Annotated[int, Field(ge=1, le=3650, description="its files are deleted after so long")] = 30

    @model_validator(mode="after")
    def _differs(self) -> "ShadowConfig":
        if self.scene is None and self.rules is None:
            raise ValueError("needs scene or rules, or both")
        problems = rule_parameters.problems(self.rules or {})
        if problems:
            raise ValueError("; ".join(problems))
        return self


class CameraConfig(_Part):
    """One camera."""

    scene: Path
    source: Annotated[str, Field(min_length=1, description="a video file, or an rtsp:// or http:// address")]
    username: str | None = Field(default=None, description="of the stream; never in its address, which is logged")
    password_file: Path | None = None
    model: str = "nanodet-g"
    start: datetime | None = Field(default=None, description="capture time of the first frame; else the clock's")
    pace: Literal["footage", "fastest"] = "footage"
    threads: Annotated[int, Field(ge=1, le=64)] = 2
    cores: tuple[Annotated[int, Field(ge=0, le=1023)], ...] = Field(
        default=(), description="the cores that this camera's process keeps to; empty: any"
    )
    signals: SignalSources = Field(
        default_factory=dict, description="who says what a signal shows; else the lamp and the plan that the scene has"
    )
    providers: tuple[str, ...] = Field(default=(), description="onnxruntime execution providers, the first that works")
    shadow: ShadowConfig | None = None

    @model_validator(mode="after")
    def _no_secret_in_the_address(self) -> "CameraConfig":
        live = is_stream(self.source)
        problem = problem_of(self.source) if live else None
        if problem is not None:
            raise ValueError(f"source: {problem}")
        if (self.username is None) != (self.password_file is None):
            raise ValueError("username and password_file go together")
        if live and self.start is not None:
            raise ValueError("start: is for a file; a stream has its own clock, or the box's")
        if not live and self.username is not None:
            raise ValueError("username: is for a stream")
        return self


class MetricsConfig(_Part):
    """Where Prometheus may ask the box (docs/metrics.md). It has no password: loopback, or a guarded net."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)]


class BoxConfig(_Part):
    """The whole file. Relative paths are taken from the file's own folder."""

    device: DeviceConfig
    centre: CentreConfig
    data: Path
    inputs: Inputs = Field(default_factory=dict, description="feeds and wires by which signals are heard")
    cameras: Annotated[tuple[CameraConfig, ...], Field(min_length=1)]
    clock: ClockConfig = Field(default_factory=ClockConfig, description="by what the box's clock is measured")
    video: VideoConfig = VideoConfig()
    metrics: MetricsConfig | None = Field(default=None, description="none: nobody can ask")
    silent_s: Annotated[float, Field(ge=5, le=3600)] = Field(
        default=30, description="a camera's process that leaves no word for so long is killed and started again"
    )
    disk: DiskConfig = DiskConfig()
    on_end: Literal["stop", "wait"] = Field(default="wait", description="what to do when every source has ended")
    drain_s: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=60, description="on stop: wait so long for receipts"
    )


def load_config(path: Path) -> BoxConfig:
    """Read edge.yaml. Raises InputProblemError with every problem."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputProblemError(f"{path}: expected a configuration, found none ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputProblemError(f"{path}: expected YAML: {' '.join(str(error).split())}") from error
    try:
        config = BoxConfig.model_validate(content)
    except ValidationError as error:
        raise InputProblemError(*_lines(path, error)) from error
    problems = _source_problems(config)
    if problems:
        raise InputProblemError(*(f"{path}: {problem}" for problem in problems))
    return _below(config, path.parent)


def _source_problems(config: BoxConfig) -> list[str]:
    """Return what cannot be of the cameras' signals, each with its place."""
    problems = [
        f"cameras.{number}.signals.{problem}"
        for number, camera in enumerate(config.cameras)
        for problem in input_problems(camera.signals, config.inputs)
    ]
    return problems + [
        f"inputs.{problem}" for problem in shared_problems([c.signals for c in config.cameras], config.inputs)
    ]


def _lines(path: Path, error: ValidationError) -> Iterator[str]:
    """Yield each problem with its place; not that a list whose only items are wrong has too few of them."""
    problems = error.errors(include_url=False)
    places = [problem["loc"] for problem in problems]
    for problem in problems:
        place = problem["loc"]
        inside = any(other != place and other[: len(place)] == place for other in places)
        if problem["type"] != "too_short" or not inside:
            yield _line(path, dict(problem))


def _line(path: Path, problem: dict[str, object]) -> str:
    location = problem["loc"]
    place = ".".join(str(step) for step in location) if isinstance(location, tuple) else ""
    return f"{path}: {place or 'file'}: {problem['msg']}"


def _below(config: BoxConfig, folder: Path) -> BoxConfig:
    """Return the same with every path absolute."""
    device = config.device.model_copy(
        update={name: folder / getattr(config.device, name) for name in ("key_file", "token_file")}
    )
    cameras = tuple(c.model_copy(update=_camera_paths(c, folder)) for c in config.cameras)
    inputs = {name: below(given, folder) for name, given in config.inputs.items()}
    return config.model_copy(
        update={
            "device": device,
            "centre": centre_below(config.centre, folder),
            "data": folder / config.data,
            "inputs": inputs,
            "cameras": cameras,
        }
    )


def _camera_paths(camera: CameraConfig, folder: Path) -> dict[str, object]:
    source = camera.source if is_stream(camera.source) else str(folder / camera.source)
    password = None if camera.password_file is None else folder / camera.password_file
    shadow = camera.shadow
    if shadow is not None and shadow.scene is not None:
        shadow = shadow.model_copy(update={"scene": folder / shadow.scene})
    return {"scene": folder / camera.scene, "source": source, "password_file": password, "shadow": shadow}
