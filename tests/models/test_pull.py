"""Pulling a little model through a stand-in for npm: what is right is kept, what is not leaves no trace."""

import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

import pytest

from models.catalog import parse_catalog
from models.errors import ConversionError, PartMissingError, UnknownModelError, WrongContentError
from models.pull import Origin, cache_folder, pull
from models.sidecar import read_sidecar, sidecar_path

NO_NPM = ("/no/such/npm",)
DIMS = [{"size": str(size)} for size in (1, 3, 32, 32)]
GRAPH = json.dumps(
    {
        "modelTopology": {
            "node": [
                {"name": "x", "op": "Placeholder", "attr": {"shape": {"shape": {"dim": DIMS}}}},
                {"name": "y", "op": "Sigmoid", "input": ["x"]},
            ]
        },
        "weightsManifest": [{"paths": ["w.bin"], "weights": []}],
    }
).encode()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


GRAPH_SHA256 = sha256(GRAPH)


def tarball(graph=GRAPH):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in (("package/w.json", graph), ("package/w.bin", b""), ("package/big.bin", b"x" * 999)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def catalog_of(content, graph_sha256=GRAPH_SHA256, shape=(1, 3, 32, 32)):
    source = {
        "kind": "npm",
        "package": "little@1.0.0",
        "package_licence": "MIT",
        "tarball_sha256": sha256(content),
        "tarball_bytes": len(content),
        "graph": "package/w.json",
        "weights": "package/w.bin",
        "sha256": {"package/w.json": graph_sha256, "package/w.bin": sha256(b"")},
    }
    size = {"width_px": 32, "height_px": 32, "mean": [0, 0, 0], "std": [1, 1, 1]}
    little = {
        "title": "little",
        "homepage": "none",
        "weights_licence": "CC0-1.0",
        "head": "nanodet",
        "classes": "two",
        "source": source,
        "input": size,
        "outputs": [{"source": "y", "name": "out", "shape": shape}],
    }
    return parse_catalog({"models": {"little": little}, "classes": {"two": ["person", "car"]}}, "test")


def npm_that_brings(tmp_path, content):
    """Write an npm that delivers these bytes, whatever is asked of it."""
    brought, npm = tmp_path / "brought.tgz", tmp_path / "npm"
    brought.write_bytes(content)
    npm.write_text(
        f"#!{sys.executable}\nimport pathlib, shutil, sys\n"
        "out = pathlib.Path(sys.argv[sys.argv.index('--pack-destination') + 1])\n"
        f"shutil.copy({str(brought)!r}, out / 'little-1.0.0.tgz')\n"
    )
    npm.chmod(0o755)
    return (str(npm),)


def pull_little(cache, catalog, npm=NO_NPM):
    return pull("little", cache, lambda *_: None, Origin(catalog, npm))


def test_what_is_pulled_stands_in_the_cache_with_its_sidecar(tmp_path):
    content, cache = tarball(), tmp_path / "cache"
    path = pull_little(cache, catalog_of(content), npm_that_brings(tmp_path, content))
    sidecar = read_sidecar(sidecar_path(path))
    assert path == cache / "little.onnx"
    assert sidecar.onnx_sha256 == sha256(path.read_bytes())
    assert sidecar.classes == ("person", "car")
    assert (sidecar.head, sidecar.weights_licence) == ("nanodet", "CC0-1.0")
    assert sorted(file.name for file in cache.iterdir()) == [".lock", "little.json", "little.onnx"]


def test_the_second_pull_needs_no_npm(tmp_path):
    content, cache = tarball(), tmp_path / "cache"
    catalog = catalog_of(content)
    first = pull_little(cache, catalog, npm_that_brings(tmp_path, content))
    assert pull_little(cache, catalog, NO_NPM) == first


def test_pulled_twice_the_bytes_are_the_same(tmp_path):
    content, catalog = tarball(), catalog_of(tarball())
    npm = npm_that_brings(tmp_path, content)
    assert len({pull_little(tmp_path / name, catalog, npm).read_bytes() for name in ("a", "b")}) == 1


def damage_the_onnx(cache):
    (cache / "little.onnx").write_bytes(b"something else")


def lose_the_sidecar(cache):
    (cache / "little.json").unlink()


def age_the_sidecar(cache):
    sidecar = cache / "little.json"
    sidecar.write_text(json.dumps({**json.loads(sidecar.read_text()), "converter_version": 0}))


@pytest.mark.parametrize("spoil", [damage_the_onnx, lose_the_sidecar, age_the_sidecar])
def test_what_is_not_whole_or_not_of_this_converter_is_pulled_anew(tmp_path, spoil):
    content, cache = tarball(), tmp_path / "cache"
    catalog, npm = catalog_of(content), npm_that_brings(tmp_path, content)
    good = pull_little(cache, catalog, npm).read_bytes()
    spoil(cache)
    with pytest.raises(PartMissingError):
        pull_little(cache, catalog, NO_NPM)
    assert pull_little(cache, catalog, npm).read_bytes() == good


GOOD = tarball()


@pytest.mark.parametrize(
    ("brought", "catalog", "expected", "found"),
    [
        (GOOD[:-20], catalog_of(GOOD), f"{len(GOOD)} bytes", f"{len(GOOD) - 20} bytes"),
        (b"\0" * len(GOOD), catalog_of(GOOD), f"sha256 {sha256(GOOD)}", f"sha256 {sha256(bytes(len(GOOD)))}"),
        (b"<html>", catalog_of(b"<html>"), "a tar.gz", "not a gzip file"),
        (GOOD, catalog_of(GOOD, graph_sha256="0" * 64), f"sha256 {'0' * 64}", f"sha256 {GRAPH_SHA256}"),
    ],
    ids=["truncated", "fake", "no tarball", "another file inside"],
)
def test_a_download_that_is_not_what_the_catalog_says_leaves_no_trace(tmp_path, brought, catalog, expected, found):
    cache = tmp_path / "cache"
    with pytest.raises(WrongContentError) as told:
        pull_little(cache, catalog, npm_that_brings(tmp_path, brought))
    assert told.value.exit_status == 3
    assert f"expected {expected}, found {found}" in str(told.value)
    assert "\n" not in str(told.value)
    assert [file.name for file in cache.iterdir()] == [".lock"]


def test_a_graph_that_gives_other_shapes_than_the_catalog_says_is_refused(tmp_path):
    catalog = catalog_of(GOOD, shape=(1, 3, 9, 9))
    with pytest.raises(ConversionError, match=r"little, converted: expected a graph that fits the catalog, found: .*9"):
        pull_little(tmp_path / "cache", catalog, npm_that_brings(tmp_path, GOOD))
    assert [file.name for file in (tmp_path / "cache").iterdir()] == [".lock"]


def test_a_cache_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(PartMissingError, match=r"cache .*file/cache: cannot be written: Not a directory\. It needs"):
        pull_little(tmp_path / "file" / "cache", catalog_of(GOOD), npm_that_brings(tmp_path, GOOD))


def test_what_a_killed_pull_left_is_swept_away(tmp_path):
    content, cache = tarball(), tmp_path / "cache"
    (cache / ".pull-dead").mkdir(parents=True)
    (cache / ".pull-dead/half.tgz").write_bytes(b"half")
    pull_little(cache, catalog_of(content), npm_that_brings(tmp_path, content))
    assert not (cache / ".pull-dead").exists()


def test_an_unknown_name_lists_the_known_ones(tmp_path):
    with pytest.raises(UnknownModelError, match=r"expected one of little, .* found 'huge'") as told:
        pull("huge", tmp_path, lambda *_: None, Origin(catalog_of(GOOD)))
    assert told.value.exit_status == 2


def test_the_cache_stands_where_the_environment_says():
    assert cache_folder({"LUKOU_CACHE": "/somewhere"}) == Path("/somewhere/models")
    assert cache_folder({}).parts[-2:] == ("lukou", "models")
