"""Opening an .onnx together with its sidecar: the one place where onnxruntime's sessions are made and its errors told.

What the outputs mean is not known here; that is the head's business (edge.heads).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import onnxruntime
import structlog
from onnxruntime.capi import onnxruntime_pybind11_state as onnxruntime_errors

from models.describe import described
from models.errors import ModelFileError
from models.resize import fitted_size, resized
from models.sidecar import Sidecar, read_sidecar, sidecar_path

NOT_A_MODEL: Final = (
    onnxruntime_errors.EPFail,
    onnxruntime_errors.Fail,
    onnxruntime_errors.InvalidArgument,
    onnxruntime_errors.InvalidGraph,
    onnxruntime_errors.InvalidProtobuf,
    onnxruntime_errors.NotImplemented,
    onnxruntime_errors.RuntimeException,
)
"""What onnxruntime raises when it cannot make a session of some bytes."""

log = structlog.get_logger()

FLOAT_TENSOR: Final = "tensor(float)"
PROCESSOR: Final = "CPUExecutionProvider"
Shape = tuple[int | str | None, ...]
"""A name or None stands for a size that the model leaves open."""


@dataclass(frozen=True, slots=True)
class OpenedModel:
    """A model that is ready to run: its session, what its sidecar says, and the SHA-256 of the .onnx."""

    path: Path
    session: onnxruntime.InferenceSession
    sidecar: Sidecar
    sha256: str

    @property
    def input_name(self) -> str:
        """The name of its one input."""
        return str(self.session.get_inputs()[0].name)

    @property
    def provider(self) -> str:
        """The execution provider that runs it."""
        return str(self.session.get_providers()[0])

    @property
    def outputs(self) -> dict[str, Shape]:
        """The shapes of its outputs by name, as the graph gives them."""
        return _output_shapes(self.session)


def open_model(
    path: Path, threads: int, picture_wh_px: tuple[int, int] | None = None, providers: Sequence[str] = ()
) -> OpenedModel:
    """Open an .onnx that has its sidecar beside it.

    Args:
        path: the .onnx.
        threads: how many threads one run may use.
        picture_wh_px: the size of the pictures that it will see, where it is known: a model that works at any size
            is fitted to it.
        providers: execution providers in the order of preference; the processor always comes last.

    Raises:
        ModelFileError: it is not there, is no ONNX, has no sidecar, or is not what its sidecar says.
    """
    content, session = _session(path, threads, providers)
    sidecar = read_sidecar(sidecar_path(path)) if sidecar_path(path).exists() else _described(path, session)
    opened = OpenedModel(path, session, sidecar, hashlib.sha256(content).hexdigest())
    problems = [*_hash_problems(opened), *_input_problems(opened)]
    if problems:
        raise ModelFileError(path, *problems)
    return opened if picture_wh_px is None else _fitted(opened, content, threads, picture_wh_px, providers)


def describe_file(
    path: Path,
    head: str | None = None,
    classes: tuple[str, ...] | None = None,
    size_wh_px: tuple[int, int] | None = None,
) -> Sidecar:
    """Return the sidecar of an .onnx, with its SHA-256: from what it says of itself, and what a person says.

    Raises:
        ModelFileError: it is not there, is no ONNX, or what is not known of it.
    """
    content, session = _session(path, 1, ())
    sidecar = _described(path, session, head, classes, size_wh_px)
    return sidecar.model_copy(update={"onnx_sha256": hashlib.sha256(content).hexdigest()})


def _described(
    path: Path,
    session: onnxruntime.InferenceSession,
    head: str | None = None,
    classes: tuple[str, ...] | None = None,
    size_wh_px: tuple[int, int] | None = None,
) -> Sidecar:
    inputs = session.get_inputs()
    shape = tuple(inputs[0].shape) if inputs else ()
    metadata, outputs = session.get_modelmeta().custom_metadata_map, _output_shapes(session)
    return described(path, metadata, shape, outputs, head=head, classes=classes, size_wh_px=size_wh_px)


def _session(path: Path, threads: int, providers: Sequence[str]) -> tuple[bytes, onnxruntime.InferenceSession]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelFileError(path, f"expected an .onnx file: {error.strerror}") from error
    try:
        session = session_of(content, threads, providers)
    except NOT_A_MODEL as error:
        reason = str(error).splitlines()[0].rsplit(" : ", 1)[-1]
        raise ModelFileError(path, f"expected an ONNX model that onnxruntime can run, found: {reason}") from error
    return content, session


def _fitted(
    opened: OpenedModel, content: bytes, threads: int, picture_wh_px: tuple[int, int], providers: Sequence[str]
) -> OpenedModel:
    """Return the model at the size that suits the pictures, where it works at any; its hash stays the file's."""
    own = opened.sidecar.input
    size_px = fitted_size(picture_wh_px, own.wh_px)
    if not own.any_size or size_px == own.wh_px:
        return opened
    session = session_of(resized(content, own.wh_px, size_px), threads, providers)
    fitted = own.model_copy(update={"width_px": size_px[0], "height_px": size_px[1]})
    return replace(opened, session=session, sidecar=opened.sidecar.model_copy(update={"input": fitted}))


def session_of(content: bytes, threads: int, providers: Sequence[str] = ()) -> onnxruntime.InferenceSession:
    """Return a session that runs one model, with its threads at rest between two runs.

    Each wanted provider that this machine's onnxruntime has is tried in its order; one that cannot start is said and
    left out. The processor is always there.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin while they wait take the cores from the other cameras of a box (docs/models.md has the figures).
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    present = set(onnxruntime.get_available_providers())
    for provider in (name for name in providers if name != PROCESSOR):
        if provider not in present:
            log.warning("provider.absent", provider=provider, present=sorted(present))
            continue
        try:
            session = onnxruntime.InferenceSession(content, options, providers=[provider, PROCESSOR])
        except NOT_A_MODEL as error:
            log.warning("provider.failed", provider=provider, why=str(error).splitlines()[0])
            continue
        if provider in session.get_providers():
            return session
        log.warning("provider.failed", provider=provider, why="onnxruntime fell back to the processor")
    return onnxruntime.InferenceSession(content, options, providers=[PROCESSOR])


def fits(shape: Shape, wanted: tuple[int, ...]) -> bool:
    """Tell whether a tensor of a graph can have the shape that is wanted, taking a size left open as any size."""
    return len(shape) == len(wanted) and all(
        size == number or not isinstance(size, int) for size, number in zip(shape, wanted, strict=True)
    )


def listed(shapes: dict[str, Shape]) -> str:
    """Return names and shapes as a person reads them."""
    return ", ".join(f"{name} ({' x '.join(map(str, shape))})" for name, shape in shapes.items())


def _hash_problems(opened: OpenedModel) -> list[str]:
    expected = opened.sidecar.onnx_sha256
    if expected in {None, opened.sha256}:
        return []
    return [f"expected sha256 {expected}, as {sidecar_path(opened.path).name} says; found {opened.sha256}"]


def _input_problems(opened: OpenedModel) -> list[str]:
    inputs = opened.session.get_inputs()
    size = opened.sidecar.input
    wanted = (1, 3, size.height_px, size.width_px)
    if len(inputs) == 1 and fits(tuple(inputs[0].shape), wanted) and inputs[0].type == FLOAT_TENSOR:
        return []
    found = listed({f"{each.name} {each.type}": tuple(each.shape) for each in inputs})
    return [f"input: expected one {FLOAT_TENSOR} ({' x '.join(map(str, wanted))}), found {found}"]


def _output_shapes(session: onnxruntime.InferenceSession) -> dict[str, Shape]:
    return {output.name: tuple(output.shape) for output in session.get_outputs()}
