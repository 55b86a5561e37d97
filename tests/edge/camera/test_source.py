import pytest

from edge.camera.source import is_stream, with_password, without_secret


@pytest.mark.parametrize(
    ("source", "stream", "shown"),
    [
        ("rtsp://10.0.0.5:554/main", True, "rtsp://10.0.0.5:554/main"),
        ("rtsp://admin:hunter2@10.0.0.5/main?token=abc", True, "rtsp://10.0.0.5/main"),
        ("https://cam.example/live.mjpg", True, "https://cam.example/live.mjpg"),
        ("/var/films/a.mp4", False, "/var/films/a.mp4"),
        ("C:\\films\\a.mp4", False, "C:\\films\\a.mp4"),
    ],
)
def test_what_is_a_stream_and_what_of_it_may_be_shown(source, stream, shown):
    assert is_stream(source) is stream
    assert without_secret(source) == shown


def test_a_password_of_any_letters_goes_into_the_address():
    assert with_password("rtsp://10.0.0.5/main", "admin", "a/b@c:1") == "rtsp://admin:a%2Fb%40c%3A1@10.0.0.5/main"
