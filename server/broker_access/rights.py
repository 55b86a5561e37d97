"""What a box and the centre may do at the broker, and what must be told to a broker that has it otherwise. Pure.

The words are those of Mosquitto's dynamic security (mosquitto.org/documentation/dynamic-security): a client has roles,
a role has rights on topics. All that no right allows is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contract.topics import ROOT

FROM_CAMERA: Final = ("violation", "passages", "heartbeat", "prompt")
ROLE_OF_DEVICE: Final = "device-"
Right = tuple[str, str]
"""What kind of act, and on which topics."""
Command = dict[str, object]

CENTRE: Final[tuple[Right, ...]] = (
    ("publishClientReceive", f"{ROOT}/#"),
    ("publishClientSend", f"{ROOT}/+/+/receipt"),
    ("publishClientSend", f"{ROOT}/+/+/set"),
    ("subscribePattern", f"{ROOT}/#"),
    ("subscribePattern", f"$share/+/{ROOT}/#"),
    ("publishClientSend", "$CONTROL/dynamic-security/v1"),
    ("publishClientReceive", "$CONTROL/dynamic-security/#"),
    ("subscribePattern", "$CONTROL/dynamic-security/#"),
)


@dataclass(frozen=True, slots=True)
class Box:
    """One device of the register. ``token_mark`` tells its token from an older one. No cameras: any of its site."""

    device_id: str
    site_id: str
    cameras: tuple[str, ...]
    token_mark: str
    active: bool


@dataclass(frozen=True, slots=True)
class Known:
    """One device as the broker has it."""

    device_id: str
    token_mark: str
    enabled: bool
    rights: frozenset[Right]


def role_name(device_id: str) -> str:
    """Return the name of a device's own role; it marks the broker's clients that are devices of ours."""
    return f"{ROLE_OF_DEVICE}{device_id}"


def rights_of(box: Box) -> tuple[Right, ...]:
    """Return what a box may do: speak for its cameras and itself, hear their receipts and its site's switches."""
    cameras = box.cameras or ("+",)
    site = f"{ROOT}/{box.site_id}"
    receipts = [f"{site}/{camera}/receipt" for camera in cameras]
    return (
        *(("publishClientSend", f"{site}/{camera}/{kind}") for camera in cameras for kind in FROM_CAMERA),
        ("publishClientSend", f"{site}/{box.device_id}/status"),
        ("publishClientSend", f"{site}/+/state"),
        *(("publishClientReceive", topic) for topic in (*receipts, f"{site}/+/set")),
        *(("subscribePattern", topic) for topic in (*receipts, f"{site}/+/set")),
    )


def role(name: str, rights: Sequence[Right]) -> dict[str, object]:
    """Return a role as dynamic security writes it."""
    acls = [{"acltype": act, "topic": topic, "priority": 0, "allow": True} for act, topic in rights]
    return {"rolename": name, "acls": acls}


def admission(box: Box, token: str) -> list[Command]:
    """Return the commands that let a box in anew. The first two fail where it was not there, and may.

    A client that is deleted loses its connection. It is bound to its id as client id, so no box can take another's
    session, nor the centre's, by calling itself so.
    """
    name = role_name(box.device_id)
    return [
        {"command": "deleteClient", "username": box.device_id},
        {"command": "deleteRole", "rolename": name},
        {"command": "createRole", **role(name, rights_of(box))},
        {
            "command": "createClient",
            "username": box.device_id,
            "clientid": box.device_id,
            "password": token,
            "textname": box.token_mark,
            "roles": [{"rolename": name}],
        },
    ]


def shutting_out(device_id: str) -> Command:
    """Return the command that ends a box's connection and refuses the next."""
    return {"command": "disableClient", "username": device_id}


def is_as_it_should_be(box: Box, known: Known | None) -> bool:
    """Tell whether the broker has an active box as the register has it."""
    return known is not None and known.enabled and not list(_differences(box, known))


def differences(register: Sequence[Box], broker: Mapping[str, Known]) -> list[Command]:
    """Return what the broker must be told so that it lets in nobody whom the register does not.

    | register | broker | told |
    |---|---|---|
    | active | the same, shut out | let in again |
    | active | other rights | the rights |
    | active | another token | shut out until the box asks with its own |
    | active | nothing | nothing: only the box knows its token, and asks |
    | revoked, or unknown | let in | shut out |
    """
    boxes = {box.device_id: box for box in register}
    commands: list[Command] = []
    for device_id, known in sorted(broker.items()):
        box = boxes.get(device_id)
        if box is not None and box.active and box.token_mark == known.token_mark:
            commands += _differences(box, known)
            if not known.enabled:
                commands.append({"command": "enableClient", "username": device_id})
        elif known.enabled:
            commands.append(shutting_out(device_id))
    return commands


def _differences(box: Box, known: Known) -> Iterator[Command]:
    if box.token_mark != known.token_mark:
        yield shutting_out(box.device_id)
    if frozenset(rights_of(box)) != known.rights:
        yield {"command": "modifyRole", **role(role_name(box.device_id), rights_of(box))}
