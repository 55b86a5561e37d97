"""Composition root of ``lukou edge``: opens every part of a box, runs it until a signal, and closes them in reverse."""

import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from types import FrameType

from contract.seal import seal
from edge import keys
from edge.box import Box, Surroundings
from edge.centre_config import broker_address
from edge.config import BoxConfig, CameraConfig
from edge.disk import Disk
from edge.disk_config import limits_of
from edge.hand_offs import HandOffs
from edge.metrics import serve_metrics
from edge.outbox import Outbox
from edge.presence import Connections, Presence
from edge.publish import Publisher
from edge.upload import Uploader, http_client


def run_box(config: BoxConfig, scenes: Callable[[CameraConfig], tuple[str, str]], around: Surroundings) -> int:
    """Build the box and run it until SIGTERM or SIGINT.

    Args:
        config: what edge.yaml says.
        scenes: gives (site_id, camera_id) of a camera's scene; a wrong scene raises before anything is started.
        around: the clock, the service manager, and what measures.
    """
    places = tuple(scenes(camera) for camera in config.cameras)
    key, centre, path = keys.load_private_key(config.device.key_file), config.centre, config.data / "outbox.sqlite"
    token = keys.read_secret(config.device.token_file)
    with ExitStack() as open_parts:
        outbox = open_parts.enter_context(closing(Outbox(path)))
        hand_offs = open_parts.enter_context(closing(HandOffs(path)))
        connections = open_parts.enter_context(closing(Connections(path, around.now_ms)))
        publisher = Publisher(
            device_id=config.device.id,
            cameras=places,
            address=broker_address(centre.broker),
            outbox=outbox,
            centre_key=keys.load_public_key(centre.public_key_file),
            hand_offs=hand_offs,
            status=Presence(
                config.device.id,
                places[0][0],
                tuple(camera_id for _, camera_id in places),
                connections,
                around.now_ms,
                lambda told: seal(told, config.device.id, key),
            ),
        )
        client = open_parts.enter_context(http_client(centre.url, token, keys.trusted(centre.ca_file)))
        uploader = Uploader(client, outbox, centre.upload_kbps)
        disk = open_parts.enter_context(closing(Disk(config.data, limits_of(config.disk, config.data), around.now_ms)))
        box = Box(config, key, around, outbox, publisher, uploader, hand_offs, disk, connections.next())
        if config.metrics is not None:
            open_parts.enter_context(serve_metrics(config.metrics.host, config.metrics.port, box))
        _stop_on_signal(box.stopping)
        return box.run()


def _stop_on_signal(stopping: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
