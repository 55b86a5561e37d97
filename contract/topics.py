"""The MQTT topics, one function each. Identifiers hold no slash or wildcard (see messages.Identifier)."""

ROOT = "lukou/v1"


def violation(site_id: str, camera_id: str) -> str:
    """Return the topic on which a camera reports violations."""
    return f"{ROOT}/{site_id}/{camera_id}/violation"


def receipt(site_id: str, camera_id: str) -> str:
    """Return the topic on which the centre answers a camera's violations."""
    return f"{ROOT}/{site_id}/{camera_id}/receipt"


def heartbeat(site_id: str, camera_id: str) -> str:
    """Return the topic on which a camera says how it is."""
    return f"{ROOT}/{site_id}/{camera_id}/heartbeat"


def status(site_id: str, device_id: str) -> str:
    """Return the topic on which a box is online or offline, retained; MQTT gives a connection one last will."""
    return f"{ROOT}/{site_id}/{device_id}/status"


def prompt(site_id: str, camera_id: str) -> str:
    """Return the topic of the words for a screen or loudspeaker at the crossing."""
    return f"{ROOT}/{site_id}/{camera_id}/prompt"


def passages(site_id: str, camera_id: str) -> str:
    """Return the topic on which a camera reports its passage counts, the denominator of every rate."""
    return f"{ROOT}/{site_id}/{camera_id}/passages"


def hand_off_set(site_id: str) -> str:
    """Return the topic on which the centre leaves its word, retained, whether an officer directs a site's traffic."""
    return f"{ROOT}/{site_id}/hand-off/set"


def hand_off_state(site_id: str) -> str:
    """Return the topic on which a site's boxes say what they hold of it. ``every("state")`` matches it."""
    return f"{ROOT}/{site_id}/hand-off/state"


def every(kind: str) -> str:
    """Return the filter that matches one kind of topic (``violation``, ``heartbeat``, ...) of every camera."""
    return f"{ROOT}/+/+/{kind}"
