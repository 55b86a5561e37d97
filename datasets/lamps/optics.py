"""From linear light to the bytes of a picture: what air, lens, sensor and compression do to it, in that order."""

from typing import Final

import cv2
import numpy as np

from datasets.lamps.values import Air, Camera, LightRgb, Mask, Weather
from edge.pipeline import PictureBgr

GAMMA: Final = 2.2
Random = np.random.Generator


def linear(picture_bgr: PictureBgr) -> LightRgb:
    """Return the light behind a picture's bytes."""
    return np.asarray((picture_bgr[:, :, ::-1].astype(np.float32) / 255) ** GAMMA, dtype=np.float32)


def through_lens(light: LightRgb, air: Air) -> LightRgb:
    """Return the light after blur and scatter; it only adds up, so parts of a scene may go through one by one."""
    sharp = cv2.GaussianBlur(light, (0, 0), max(air.blur_px, 0.05))
    kept = 1.0 - sum(share for share, _ in air.bloom)
    spread = kept * sharp
    for share, sigma_px in air.bloom:
        spread += share * cv2.GaussianBlur(light, (0, 0), sigma_px, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(spread, dtype=np.float32)


def streaks(shape: tuple[int, int], air: Air, random: Random) -> Mask:
    """Return how much each pixel is covered by drops and streaks of rain, (height, width)."""
    height, width = shape
    if air.weather is not Weather.RAIN:
        return np.zeros(shape, np.float32)
    drops = np.zeros(shape, np.float32)
    for _ in range(int(random.integers(2, 3 + width // 4))):
        x, y = random.uniform(0, width), random.uniform(0, height)
        long = random.uniform(0.05, 0.25) * height
        lean = random.uniform(-0.15, 0.15) * long
        cv2.line(drops, (round(x), round(y)), (round(x + lean), round(y + long)), float(random.uniform(0.1, 0.4)), 1)
    return np.asarray(cv2.GaussianBlur(drops, (0, 0), 0.7), dtype=np.float32)


def developed(light: LightRgb, air: Air, camera: Camera) -> LightRgb:
    """Return the picture before noise and compression, (height, width, 3) from 0 to 255, red green blue."""
    seen = (light + np.array(air.veil, np.float32)) * (camera.exposure * np.array(camera.gains, np.float32))
    mixed = seen * (1 - camera.crosstalk) + seen.mean(axis=2, keepdims=True) * camera.crosstalk
    return np.asarray(255 * np.clip(mixed, 0, 1) ** (1 / GAMMA), dtype=np.float32)


def taken(light: LightRgb, air: Air, camera: Camera, random: Random) -> PictureBgr:
    """Return the picture as it comes out of the decoder."""
    grain = random.standard_normal(light.shape).astype(np.float32)
    noisy = light + grain * (camera.noise / camera.exposure * np.sqrt(np.clip(light * camera.exposure, 0.02, 1)))
    bgr = np.round(developed(np.maximum(noisy, 0), air, camera)[:, :, ::-1]).astype(np.uint8)
    turned = cv2.cvtColor(np.ascontiguousarray(bgr), cv2.COLOR_BGR2HSV_FULL)
    turned[:, :, 0] += np.uint8(round(camera.hue_turn_deg / 360 * 256) % 256)
    bgr = np.asarray(cv2.cvtColor(turned, cv2.COLOR_HSV2BGR_FULL), dtype=np.uint8)
    _, coded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, camera.jpeg_quality])
    bgr = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), dtype=np.uint8)
    return np.ascontiguousarray(bgr[:, :, ::-1]) if camera.swapped else bgr
