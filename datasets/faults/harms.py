"""What is done to the chain: killed processes, a bad network, a broker without memory, full disks."""

import json
import os
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Final

import httpx
from sqlalchemy import create_engine, text

from datasets.faults.box_folder import DEVICE
from datasets.faults.clocks import clocks
from datasets.faults.keeper import Keeper
from datasets.faults.proxy import Proxy
from datasets.faults.run import LIMIT_S, Figures, Scale, delivered, made, staged
from datasets.faults.stage import Stage
from datasets.faults.strikes import Strike, strikes
from datasets.faults.tmpfs import SmallDisk
from datasets.faults.wire import Wire

CALM_SHARE: Final = 0.9
"""The blows end when so much is delivered: the rest must come in by itself."""
LOSS: Final = 0.2
CUT_OFF: Final = 0.9
DISK_MB: Final = 250
DISK_ACT_MB: Final = 0.5
"""An act takes 0.3 MB on the box, and as much at the centre."""
QUIET: Final = (None, "ok")
VISIBLE_S: Final = 150.0
"""A box looks at its disk once a minute."""


def kills(scale: Scale) -> Figures:
    """Kill every process at random times (-9)."""
    with staged(scale, scale.wish("kills")) as (stage, keeper, figures):

        def enough() -> bool:
            share = delivered(stage) / scale.events
            return sum(keeper.struck.values()) >= scale.blows_min and share >= CALM_SHARE

        figures["in_time"] = keeper.until(enough, LIMIT_S, strikes(scale.seed, scale.blow_s))
    return figures


def network(scale: Scale) -> Figures:
    """Lose a fifth of all packets, cut the line for a while, and let the broker lose its disk meanwhile."""
    with Wire(f"lkf{os.getpid() % 10_000_000}", scale.seed, LOSS) as wire:
        wish = scale.wish("network", host=wire.near, before_box=wire.inside, clip_bytes=20_000)
        with staged(scale, wish) as (stage, keeper, figures):

            def cut(*, is_cut: bool) -> None:
                wire.is_cut = is_cut

            _between_cuts(scale, stage, keeper, cut)
        return figures | {"packets_carried": wire.carried, "packets_lost": wire.dropped, "loss": LOSS}


def proxy(scale: Scale) -> Figures:
    """Cut nine connections in ten off half-way, all of them for a while, and let the broker lose its disk meanwhile."""
    wish = scale.wish("proxy")
    with ExitStack() as both:
        http = both.enter_context(Proxy(wish.http_port, scale.seed, CUT_OFF, delay_s=0.002))
        mqtt = both.enter_context(Proxy(wish.mqtt_port, scale.seed, CUT_OFF, bytes_mean=40_000, delay_s=0.002))
        wish = scale.wish("proxy", http_port=wish.http_port, mqtt_port=wish.mqtt_port, reach=_reach(http, mqtt))
        with staged(scale, wish) as (stage, keeper, figures):

            def cut(*, is_cut: bool) -> None:
                for one in (http, mqtt):
                    one.is_cut = is_cut
                    one.cut_all()

            _between_cuts(scale, stage, keeper, cut)
        return figures | {"connections": http.connections + mqtt.connections, "cut_off": http.cut_off + mqtt.cut_off}


def _reach(http: Proxy, mqtt: Proxy) -> tuple[str, int, int]:
    return "127.0.0.1", http.port, mqtt.port


def _between_cuts(scale: Scale, stage: Stage, keeper: Keeper, cut: Callable[..., None]) -> None:
    """Two cuts, a third and two thirds of the way; in the first the broker loses what it had kept."""
    for number, share in enumerate((1 / 3, 2 / 3)):
        keeper.until(partial(_has_made, stage, share * scale.events), LIMIT_S)
        cut(is_cut=True)
        if number == 0:
            keeper.strike(Strike(0, "broker", 1.0))
            stage.broker.lose_disk()
        keeper.until(_never, scale.harm_s)
        cut(is_cut=False)


def disks(scale: Scale) -> Figures:
    """Fill the disk of the box, of the evidence and of the database, one after the other, and give the room back."""
    with ExitStack() as three:
        size_mb = round(DISK_MB + DISK_ACT_MB * scale.events)
        box, centre, database = (three.enter_context(SmallDisk(size_mb)) for _ in range(3))
        places = {"box_data": box.folder, "centre_data": centre.folder, "database_data": database.folder}
        floors = {"box_settings": {"disk": {"free_min_gb": 0.005}}, "centre_settings": {"LUKOU_FREE_MIN_MB": "5"}}
        with staged(scale, scale.wish("disks", **places, **floors)) as (stage, keeper, figures):
            told: dict[str, object] = {}
            sights: dict[str, Callable[[Stage], object]] = {
                "box": box_says,
                "evidence": centre_says,
                "database": _silent,
            }
            for number, (name, disk) in enumerate((("box", box), ("evidence", centre), ("database", database)), 1):
                keeper.until(partial(_has_made, stage, number / 5 * scale.events), LIMIT_S)
                disk.fill()
                keeper.until(_never, scale.harm_s / 4)
                sight = sights[name]
                keeper.until(partial(_is_told, sight, stage), VISIBLE_S)
                told[name] = sight(stage)
                disk.empty()
            hidden = [name for name in ("box", "evidence") if told[name] in QUIET]
            figures |= {"while_full": told, "problems": [f"{name}: full, and nobody says so" for name in hidden]}
    return figures


def _never() -> bool:
    return False


def _has_made(stage: Stage, count: float) -> bool:
    return made(stage) >= count


def _is_told(sight: Callable[[Stage], object], stage: Stage) -> bool:
    return sight(stage) not in QUIET


def centre_says(stage: Stage) -> object:
    """Return what the centre says of its evidence's disk."""
    try:
        return httpx.get(f"{stage.url}/api/v1/health", timeout=5).json()["evidence"]["state"]
    except (httpx.HTTPError, ValueError, KeyError):
        return None


def box_says(stage: Stage) -> object:
    """Return what the box's last heartbeat says of its disk, as the centre has it."""
    engine = create_engine(stage.database_url)
    with engine.connect() as connection:
        told = connection.execute(text("SELECT body FROM cameras_heard WHERE device_id = :id"), {"id": DEVICE})
        heartbeat = told.scalar()
    engine.dispose()
    return None if heartbeat is None else (json.loads(heartbeat).get("disk") or {}).get("state")


def _silent(_stage: Stage) -> object:
    return "not asked"


RUNS: Final[dict[str, Callable[[Scale], Figures]]] = {
    "kills": kills,
    "network": network,
    "proxy": proxy,
    "disks": disks,
    "clocks": clocks,
}
