"""What Ultralytics' detection needs of torchvision, for tests of the export on a processor (see pyproject.toml)."""

from torchvision import ops

__version__ = "0.28.0+lukou.standin"
__all__ = ["ops"]
