"""The address that documents print."""

import pytest
from pydantic import ValidationError

from server.settings import Settings


@pytest.mark.parametrize("url", ["https://lukou.example", "https://lukou.example:8443", "http://127.0.0.1:8000"])
def test_an_address_of_the_web_is_printed_as_it_is(url):
    assert Settings(public_url=url).address_of_parties == url


def test_without_one_it_is_this_machine_s():
    assert Settings(http_port=8123).address_of_parties == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    "url",
    [
        "http://lukou.example",
        "https://lukou.example/",
        "https://",
        "http://127.0.0.1.evil.example",
        "ftp://x",
        "https://a@b",
    ],
)
def test_anything_else_is_refused(url):
    with pytest.raises(ValidationError, match="public_url"):
        Settings(public_url=url)
