"""From a scene's document (what stands in the YAML) to a Scene: every problem at once, each with its path."""

import json
from difflib import get_close_matches
from hashlib import sha256
from typing import Any, Final

import numpy as np
from pydantic import BaseModel, ValidationError

from calibration import rule_parameters, scene_file
from calibration.geometry import spread_out
from calibration.ground import Ground, fit_ground
from calibration.resolve import Resolver
from calibration.scene import Scene

SECTIONS: Final[dict[str, type[BaseModel]]] = {
    "site": scene_file.Site,
    "camera": scene_file.Camera,
    "ground": scene_file.GroundPart,
}
LISTS: Final[dict[str, type[BaseModel]]] = {
    "signals": scene_file.SignalPart,
    "crosswalks": scene_file.CrosswalkPart,
    "lanes": scene_file.LanePart,
    "stop_lines": scene_file.StopLinePart,
}
PLAIN: Final = ("version", "rules", "demonstration", "note")
REQUIRED: Final = ("version", "site", "camera")


def read_document(content: dict[Any, Any]) -> tuple[Scene | None, list[str]]:
    """Return the scene, or None and the problems: one line each, its path in the file first."""
    problems = _keys(content)
    parts = {name: _part(model, content.get(name), name, problems) for name, model in SECTIONS.items()}
    lists = {name: _items(model, content.get(name, []), name, problems) for name, model in LISTS.items()}
    rules = {} if content.get("rules") is None else content["rules"]
    if isinstance(rules, dict):
        problems += rule_parameters.problems(rules)
    else:
        problems.append(f"rules: {rules!r}, needs a mapping")
    ground = _ground(parts["ground"], problems)
    resolver = Resolver(ground, content.get("ground") is not None, problems)
    shapes = resolver.resolve(lists, _named(content.get("signals")))
    site, camera = parts["site"], parts["camera"]
    if problems or not isinstance(site, scene_file.Site) or not isinstance(camera, scene_file.Camera):
        return None, problems
    return (
        Scene(
            site_id=site.id,
            site_name=site.name,
            camera_id=camera.id,
            direction=camera.direction,
            size_px=camera.size,
            ground=ground,
            signals=shapes.signals,
            crosswalks=shapes.crosswalks,
            lanes=shapes.lanes,
            stop_lines=shapes.stop_lines,
            rules=rules,
            small_people_px=camera.small_people,
            demonstration=bool(content.get("demonstration", False)),
            note=str(content.get("note", "")),
            sha256=sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
        ),
        [],
    )


def _keys(content: dict[Any, Any]) -> list[str]:
    known = [*SECTIONS, *LISTS, *PLAIN]
    problems = []
    for key in content:
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            problems.append(f"{key}: no such section" + (f", did you mean {near[0]}?" if near else ""))
    problems += [f"{key}: is missing" for key in REQUIRED if content.get(key) is None]
    if content.get("version") is not None and (content["version"] != 1 or content["version"] is True):
        problems.append(f"version: {content['version']!r}, needs 1")
    if not isinstance(content.get("demonstration", False), bool):
        problems.append(f"demonstration: {content['demonstration']!r}, needs true or false")
    note = content.get("note", "")
    if not isinstance(note, str) or len(note) > 2000 or _unwritable(note):
        problems.append("note: needs a text of at most 2000 characters")
    return problems


def _unwritable(text: str) -> bool:
    """Tell whether half of a surrogate pair stands in a text: no file can hold it."""
    return any(0xD800 <= ord(letter) <= 0xDFFF for letter in text)


def _named(signals: object) -> set[str]:
    """Return every signal's id as given: a signal with a fault has its own line, not one more wherever it is used."""
    items = signals if isinstance(signals, list) else []
    ids = [item.get("id") for item in items if isinstance(item, dict)]
    return {part for part in ids if isinstance(part, str)}


def _part(model: type[BaseModel], value: object, path: str, problems: list[str]) -> BaseModel | None:
    if value is None:
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems += [_line(path, dict(e), model) for e in error.errors(include_url=False)]
        return None


def _items(model: type[BaseModel], value: object, path: str, problems: list[str]) -> list[tuple[str, BaseModel]]:
    if value is None:
        return []
    if not isinstance(value, list):
        problems.append(f"{path}: {type(value).__name__}, needs a list")
        return []
    read = [(f"{path}[{i}]", _part(model, item, f"{path}[{i}]", problems)) for i, item in enumerate(value)]
    problems += [f"{path}[{i}]: is empty" for i, item in enumerate(value) if item is None]
    return [(where, part) for where, part in read if part is not None]


def _line(path: str, problem: dict[str, Any], model: type[BaseModel]) -> str:
    place = path + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in problem["loc"])
    if problem["type"] == "extra_forbidden":
        names = [field.alias or name for name, field in model.model_fields.items()]
        near = get_close_matches(str(problem["loc"][-1]), names, 1) if len(problem["loc"]) == 1 else []
        return f"{place}: no such key" + (f", did you mean {near[0]}?" if near else "")
    if problem["type"] == "missing":
        return f"{place}: is missing"
    text = str(problem["msg"]).removeprefix("Value error, ")
    given = problem.get("input")
    shown = f", found {given!r}" if isinstance(given, str | int | float | bool) else ""
    return f"{place}: {text[0].lower()}{text[1:]}{shown}"


def ground_of(content: dict[Any, Any]) -> Ground | None:
    """Return the ground that a document fixes, whatever else is wrong with it; None where it fixes none."""
    return _ground(_part(scene_file.GroundPart, content.get("ground"), "ground", []), [])


def _ground(part: BaseModel | None, problems: list[str]) -> Ground | None:
    if not isinstance(part, scene_file.GroundPart):
        return None
    points = part.points
    if len(points) < 4:
        problems.append(f"ground.points: {len(points)} points, needs 4 or more")
        return None
    for unit in ("px", "m"):
        if not spread_out(tuple(getattr(point, unit) for point in points)):
            problems.append(f"ground.points: the {unit} lie on one line, needs them spread out")
            return None
    try:
        return fit_ground(np.array([p.px for p in points]), np.array([p.m for p in points]))
    except (ValueError, np.linalg.LinAlgError) as error:
        problems.append(f"ground.points: {error}")
        return None
