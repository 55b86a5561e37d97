"""From a site to SUMO's network: nodes, edges and crossings as XML, built by netconvert."""

from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from datasets.simulation.site import Arm, Site
from datasets.simulation.sumo import run_program

CENTRE: Final = "c"
NETWORK: Final = "site.net.xml"
CAR_LANE_M: Final = 3.2
PAVEMENT_LANE, BIKE_LANE, FIRST_CAR_LANE = 0, 1, 2


def tag(name: str, **attributes: object) -> str:
    """Return an empty XML element; ``from_`` stands for ``from``."""
    given = " ".join(f"{key.rstrip('_')}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name} {given}/>"


def build_network(site: Site, folder: Path) -> Path:
    """Write the site's network into a folder and return its file."""
    (folder / "site.nod.xml").write_text(_nodes(site), encoding="utf-8")
    (folder / "site.edg.xml").write_text(_edges(site), encoding="utf-8")
    (folder / "site.con.xml").write_text(_crossings(site), encoding="utf-8")
    arguments = ["--node-files=site.nod.xml", "--edge-files=site.edg.xml", "--connection-files=site.con.xml"]
    arguments += [f"--output-file={NETWORK}", "--offset.disable-normalization=true", "--no-turnarounds=true"]
    arguments += [f"--tls.cycle.time={site.cycle_s}", f"--tls.yellow.time={site.yellow_s}"]
    arguments += [f"--tls.allred.time={site.all_red_s}", "--tls.layout=opposites", "--precision=4"]
    run_program("netconvert", arguments, folder)
    return folder / NETWORK


def _nodes(site: Site) -> str:
    ends = [tag("node", id=f"e{arm.number}", x=arm.end_m[0], y=arm.end_m[1]) for arm in site.arms]
    return _file("nodes", [tag("node", id=CENTRE, x=0, y=0, type="traffic_light"), *ends])


def _edges(site: Site) -> str:
    edges = []
    for arm in site.arms:
        end = f"e{arm.number}"
        edges.append(_edge(f"in{arm.number}", end, CENTRE, (site, arm)))
        edges.append(_edge(f"out{arm.number}", CENTRE, end, (site, arm)))
    return _file("edges", edges)


def _edge(name: str, start: str, end: str, of: tuple[Site, Arm]) -> str:
    site, arm = of
    lanes = [
        tag("lane", index=PAVEMENT_LANE, allow="pedestrian", width=site.pavement_m),
        tag("lane", index=BIKE_LANE, allow="bicycle", width=arm.bike_lane_m),
    ]
    cars = range(FIRST_CAR_LANE, FIRST_CAR_LANE + arm.car_lanes)
    lanes += [tag("lane", index=index, disallow="pedestrian bicycle", width=CAR_LANE_M) for index in cars]
    count = FIRST_CAR_LANE + arm.car_lanes
    head = tag("edge", id=name, from_=start, to=end, numLanes=count, speed=13.9, priority=5).removesuffix("/>")
    return f"{head}>{''.join(lanes)}</edge>"


def _crossings(site: Site) -> str:
    crossings = [
        tag("crossing", node=CENTRE, edges=f"in{arm.number} out{arm.number}", priority="true", width=arm.crosswalk_m)
        for arm in site.arms
    ]
    return _file("connections", crossings)


def _file(root: str, elements: list[str]) -> str:
    return f"<{root}>\n" + "\n".join(elements) + f"\n</{root}>\n"
