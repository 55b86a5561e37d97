"""From the road to the picture by a published camera calibration, where the demo scene's reference points come from.

The camera model is Tsai's (IEEE Journal of Robotics and Automation 3(4), 1987): rotation, translation, perspective,
one coefficient of radial distortion. Pure.
"""

from dataclasses import dataclass
from math import cos, sin
from typing import Final


@dataclass(frozen=True, slots=True)
class TsaiCamera:
    """A calibrated camera; lengths in millimetres, angles in radians, the principal point in pixels."""

    focal_mm: float
    kappa1_per_mm2: float
    cx_px: float
    cy_px: float
    sx: float
    dpx_mm: float
    dpy_mm: float
    translation_mm: tuple[float, float, float]
    rotation_rad: tuple[float, float, float]

    def picture_of(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Return the pixel of a point on the road plane (metres)."""
        x, y, z = self._in_camera(x_m * 1000, y_m * 1000)
        xu, yu = self.focal_mm * x / z, self.focal_mm * y / z
        xd, yd = xu, yu
        for _ in range(50):  # undistorted = distorted * (1 + kappa r^2): solved by repetition, it converges fast
            bend = 1 + self.kappa1_per_mm2 * (xd * xd + yd * yd)
            xd, yd = xu / bend, yu / bend
        return xd * self.sx / self.dpx_mm + self.cx_px, yd / self.dpy_mm + self.cy_px

    def _in_camera(self, x: float, y: float) -> tuple[float, float, float]:
        rx, ry, rz = self.rotation_rad
        sa, ca, sb, cb, sg, cg = sin(rx), cos(rx), sin(ry), cos(ry), sin(rz), cos(rz)
        tx, ty, tz = self.translation_mm
        return (
            cb * cg * x + (cg * sa * sb - ca * sg) * y + tx,
            cb * sg * x + (sa * sb * sg + ca * cg) * y + ty,
            -sb * x + cb * sa * y + tz,
        )


PETS_VIEW_1: Final = TsaiCamera(
    focal_mm=5.5549183034,
    kappa1_per_mm2=0.0051113043639,
    cx_px=324.22149053,
    cy_px=282.56650051,
    sx=1.0937855397,
    dpx_mm=0.0051273271277,
    dpy_mm=0.00465,
    translation_mm=(828.73214225, -3175.4796051, 35469.298547),
    rotation_rad=(2.0405458695, -0.89337703748, -0.43056124791),
)
"""PETS 2009, view 1: the published calibration of the camera that took vtest.avi."""
