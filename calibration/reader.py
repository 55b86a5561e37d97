"""Reads scene.yaml: every problem at once, each with its path in the file; a good file becomes a Scene in metres."""

from pathlib import Path
from typing import Any, Final

import yaml

from calibration.document import read_document
from calibration.errors import SceneError
from calibration.scene import Scene

BYTES_MAX: Final = 1_000_000


class _PlainYaml(yaml.SafeLoader):
    """YAML without what a scene never needs.

    Nested aliases can fill the memory, the constructors behind tags fail in ways of their own, and of a key given
    twice the first would be lost in silence.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - the loader's own signature
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not allowed")
        if getattr(self.peek_event(), "tag", None) is not None:  # type: ignore[no-untyped-call]  # PyYAML's stub
            raise yaml.YAMLError("tags (!name) are not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: ANN401, FBT001 - as above
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        first = {key.value: key for key in reversed(keys)}
        twice = [f"{key.value} (line {key.start_mark.line + 1})" for key in keys if first[key.value] is not key]
        if twice:
            raise yaml.YAMLError(f"given twice: {', '.join(twice)}")
        return super().construct_mapping(node, deep)


def load_scene(path: Path) -> Scene:
    """Read a scene file. Raises SceneError with every problem."""
    return read_scene(path)[0]


def read_scene(path: Path) -> tuple[Scene, bytes]:
    """Read a scene file, and return its bytes as well. Raises SceneError with every problem."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SceneError(str(path), (f"expected a scene file, found none ({error.strerror})",)) from error
    return parse_scene(data, str(path)), data


def parse_scene(data: bytes, source: str) -> Scene:
    """Read a scene from bytes; ``source`` names it in the problems. Raises SceneError."""
    scene, problems = read_document(parse_document(data, source))
    if scene is None or problems:
        raise SceneError(source, tuple(problems))
    return scene


def parse_document(data: bytes, source: str) -> dict[Any, Any]:
    """Return what stands in a scene's YAML, good or not. Raises SceneError where it is no mapping at all."""
    if len(data) > BYTES_MAX:
        raise SceneError(source, (f"expected at most {BYTES_MAX} bytes, found {len(data)}",))
    try:
        content = yaml.load(data, Loader=_PlainYaml)  # noqa: S506 - a SafeLoader, and less
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise SceneError(source, (f"expected YAML: {' '.join(str(error).split())}",)) from error
    if not isinstance(content, dict):
        raise SceneError(source, (f"expected a mapping with version, site, camera, found {type(content).__name__}",))
    return content
