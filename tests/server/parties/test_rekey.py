"""`lukou serve rekey`, as an operator runs it beside a centre."""

import pytest
from typer.testing import CliRunner

from server import sealed_values
from server.cli import serve
from server.db import open_engine, sessions, unit_of_work
from server.migrate import migrate
from server.secrets_box import SealBrokenError, SecretsBox


@pytest.fixture
def kept(tmp_path):
    """A centre's data folder with 600 sealed values, and what opens them."""
    engine = open_engine(f"sqlite:///{tmp_path / 'lukou.sqlite'}")
    migrate(engine)
    box = SecretsBox(tmp_path / "secrets-key.txt")
    with unit_of_work(sessions(engine)) as session:
        for number in range(600):
            sealed_values.keep(session, box, f"DOC-{number}/data", b"x%d" % number, None, 1)
    yield sessions(engine), box
    engine.dispose()


def test_all_values_are_sealed_anew_and_the_old_key_goes_when_it_is_told_to(kept, tmp_path):
    database, box = kept
    (old,) = box.key_ids()
    old_box_sealed = box.seal(b"backup", "a")
    runner = CliRunner()
    done = runner.invoke(serve, ["rekey"], env={"LUKOU_DATA_DIR": str(tmp_path)})
    assert (done.exit_code, done.exception) == (0, None)
    assert done.stdout.strip().startswith("600 values sealed anew under the key")
    assert "; 1 old keys in" in done.stdout
    assert box.key_ids()[1] == old
    done = runner.invoke(serve, ["rekey", "--forget-old"], env={"LUKOU_DATA_DIR": str(tmp_path)})
    assert done.stdout.startswith("0 values sealed anew")
    assert "; 0 old keys in" in done.stdout
    with database.reading() as session:
        assert [sealed_values.opened(session, box, f"DOC-{n}/data") for n in (0, 599)] == [b"x0", b"x599"]
    with pytest.raises(SealBrokenError):
        box.open(old_box_sealed, "a")
