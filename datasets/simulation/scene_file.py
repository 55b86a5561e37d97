"""The simulated intersection as a scene.yaml: everything in metres, nothing drawn in a picture."""

from typing import Any

import numpy as np
import yaml
from shapely import Polygon

from datasets.simulation.layout import Approach, BikeLane, Crossing, Layout, Points
from datasets.simulation.site import Site

PICTURE_PX = [1920, 1080]


def scene_yaml(site: Site, layout: Layout) -> str:
    """Return the scene's text."""
    content = {
        "version": 1,
        "site": {"id": f"simulated-{site.seed}", "name": f"Simulated intersection {site.seed}"},
        "camera": {"id": f"simulated-{site.seed}-all", "direction": "from above", "size": PICTURE_PX},
        "signals": [{"id": crossing.signal_id, "for": "pedestrian"} for crossing in layout.crossings]
        + [{"id": approach.signal_id, "for": "vehicle"} for approach in layout.approaches],
        "crosswalks": [_crosswalk(crossing) for crossing in layout.crossings],
        "lanes": [_lane(lane) for lane in layout.lanes],
        "stop_lines": [_stop_line(approach) for approach in layout.approaches],
        "demonstration": True,
        "note": f"Made by lukou simulate --seed {site.seed}: no such place exists.",
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120)


def _crosswalk(crossing: Crossing) -> dict[str, Any]:
    return {
        "id": crossing.id,
        "signal": crossing.signal_id,
        "polygon": {"m": _outline(crossing.polygon)},
        "across": {"m": _plain(crossing.ends)},
    }


def _lane(lane: BikeLane) -> dict[str, Any]:
    ends = {"m": _plain(lane.middle[[0, -1]])}
    return {"id": lane.id, "users": ["rider"], "polygon": {"m": _outline(lane.polygon)}, "direction": ends}


def _stop_line(approach: Approach) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "id": approach.id,
        "signal": approach.signal_id,
        "users": ["rider"],
        "line": {"m": _plain(np.array(approach.line.coords))},
        "beyond": {"m": _plain(approach.lane.middle[-1:] + approach.lane.heading * 3)[0]},
    }
    if approach.right_turn is not None:
        drawn["right_turn"] = {"m": _outline(approach.right_turn)}
    return drawn


def _outline(polygon: Polygon) -> list[list[float]]:
    return _plain(np.array(polygon.exterior.coords)[:-1])


def _plain(points: Points) -> list[list[float]]:
    return [[round(float(x), 3), round(float(y), 3)] for x, y in points]
