"""What every head gives."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Boxes = tuple[Floats, Floats, NDArray[np.int64]]
"""boxes_xyxy_px (N, 4) in pixels of the model's input, scores (N,), class_ids (N,)."""
Shape = tuple[int, ...]
GraphShape = tuple[int | str | None, ...]
"""As a graph says it: a name or None stands for a size that it leaves open."""
