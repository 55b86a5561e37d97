"""All heads by name: what outputs each has, in words and as a test, and how they are decoded. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from edge.heads.boxes import Boxes, Floats, GraphShape
from edge.heads.nanodet import decode_nanodet, nanodet_outputs
from edge.heads.yolo import CORNERS, END2END_COLUMNS, cell_count, decode_end2end, decode_yolo, decode_yolox

Size = tuple[int, int]
Outputs = Mapping[str, GraphShape]


@dataclass(frozen=True, slots=True)
class Head:
    """A way to say boxes. ``outputs`` are the names of those that are needed, None for the only one."""

    expects: Callable[[Size, int], Mapping[str, GraphShape]]
    decode: Callable[[Mapping[str, Floats], Size, float, Sequence[int]], Boxes]
    doubles: bool = True

    def problem(self, outputs: Outputs, input_wh_px: Size, class_count: int) -> str | None:
        """Return what the outputs of a graph lack, None where they are this head's."""
        wanted = self.expects(input_wh_px, class_count)
        if ANY in wanted:
            fine = len(outputs) == 1 and _fits(next(iter(outputs.values())), wanted[ANY])
        else:
            fine = all(_fits(outputs.get(name, ()), shape) for name, shape in wanted.items())
        return None if fine else f"expects {listed(wanted)}; found {listed(outputs)}"

    def names(self, outputs: Outputs, input_wh_px: Size, class_count: int) -> list[str]:
        """Return the outputs to ask for."""
        wanted = self.expects(input_wh_px, class_count)
        return list(outputs) if ANY in wanted else list(wanted)


ANY: Final = "one output"
OPEN: Final = "N"

HEADS: Final[Mapping[str, Head]] = {
    "nanodet": Head(lambda size, classes: {**nanodet_outputs(size, classes)}, decode_nanodet),
    "yolo": Head(lambda _, classes: {ANY: (1, CORNERS + classes, OPEN)}, decode_yolo),
    "yolo-end2end": Head(lambda _, _classes: {ANY: (1, OPEN, END2END_COLUMNS)}, decode_end2end, doubles=False),
    "yolox": Head(lambda size, classes: {ANY: (1, cell_count(size), 5 + classes)}, decode_yolox),
}


def listed(shapes: Mapping[str, GraphShape]) -> str:
    """Return names and shapes as a person reads them."""
    return ", ".join(f"{name} ({' x '.join(map(str, shape))})" for name, shape in shapes.items())


def _fits(shape: GraphShape, wanted: GraphShape) -> bool:
    return len(shape) == len(wanted) and all(
        size == number or not isinstance(size, int) or number == OPEN
        for size, number in zip(shape, wanted, strict=True)
    )
