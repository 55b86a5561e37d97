"""Opens the evidence store that the settings name: a folder, or a bucket of any S3-compatible service."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from server.errors import PartAwayError, SettingsProblemError
from server.evidence_store import EvidenceStore
from server.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Config

PROBE: Final = "lukou-create-if-absent"
"""One object beside the evidence, by which it is tried at each start whether the service overwrites."""
TRANSFER: Final = timedelta(seconds=120)
"""64 MiB at 5 Mbit/s."""


def open_evidence(settings: Settings) -> EvidenceStore:
    """Open the store.

    Raises:
        SettingsProblemError: with every problem; or the service overwrites what it has.
        PartAwayError: the service does not answer.
    """
    if settings.evidence_url is None:
        return EvidenceStore.in_folder(settings.data_dir / "evidence")
    found = problems(settings)
    if found:
        raise SettingsProblemError("\n".join(found))
    store = _bucket(settings, settings.evidence_url)
    _must_not_overwrite(store, settings.evidence_url)
    return EvidenceStore(store)


def problems(settings: Settings) -> list[str]:
    """Return what is wrong with the settings of a bucket, all at once."""
    url, endpoint = urlsplit(settings.evidence_url or ""), settings.evidence_endpoint
    has_secret = settings.evidence_secret is not None or settings.evidence_secret_file is not None
    both = settings.evidence_secret is not None and settings.evidence_secret_file is not None
    file = settings.evidence_secret_file
    checks = {
        f"LUKOU_EVIDENCE_URL: expected s3://BUCKET or s3://BUCKET/PREFIX, found {settings.evidence_url!r}": (
            url.scheme != "s3" or not url.netloc or bool(url.query) or "@" in url.netloc
        ),
        f"LUKOU_EVIDENCE_ENDPOINT: expected https://HOST, found {endpoint!r}; http needs LUKOU_EVIDENCE_ALLOW_HTTP": (
            endpoint is not None
            and not endpoint.startswith("https://")
            and not (settings.evidence_allow_http and endpoint.startswith("http://"))
        ),
        "LUKOU_EVIDENCE_KEY_ID: expected it together with LUKOU_EVIDENCE_SECRET or LUKOU_EVIDENCE_SECRET_FILE": (
            (settings.evidence_key_id is not None) != has_secret
        ),
        "LUKOU_EVIDENCE_SECRET: expected this or LUKOU_EVIDENCE_SECRET_FILE, found both": both,
        f"LUKOU_EVIDENCE_SECRET_FILE: expected a file that can be read, found {file}": (
            file is not None and not file.is_file()
        ),
    }
    return [problem for problem, holds in checks.items() if holds]


def _bucket(settings: Settings, url: str) -> S3Store:
    parts, file = urlsplit(url), settings.evidence_secret_file
    secret = settings.evidence_secret if file is None else file.read_text(encoding="utf-8").strip()
    config: S3Config = {"conditional_put": "etag", "region": settings.evidence_region}
    if settings.evidence_endpoint is not None:
        config["endpoint"] = settings.evidence_endpoint
    if settings.evidence_key_id is not None and secret is not None:
        config |= {"access_key_id": settings.evidence_key_id, "secret_access_key": secret}
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={"allow_http": settings.evidence_allow_http, "timeout": TRANSFER},
        retry_config={"max_retries": 3, "retry_timeout": TRANSFER},
    )


def _must_not_overwrite(store: S3Store, url: str) -> None:
    """A second "create" of the same object must be refused (If-None-Match: *, RFC 9110 section 13.1.2)."""
    try:
        for _ in range(2):
            store.put(PROBE, b"this object must not be overwritten", mode="create", use_multipart=False)
    except AlreadyExistsError:
        return
    except (BaseError, OSError) as error:
        why = str(error).splitlines()[0]
        raise PartAwayError(f"evidence store {url}: {why}. Is it running, and may this key write there?") from error
    raise SettingsProblemError(
        f"LUKOU_EVIDENCE_URL: {url} overwrites what it has: expected a service that keeps to If-None-Match: * "
        "(conditional writes), so that evidence cannot be replaced. Use one that does, or a folder"
    )
