"""Takes pictures of a setting: the lamp's light through air and lens, with the picture that it would be without it."""

from dataclasses import dataclass

import numpy as np

from contract.words import LampState
from datasets.lamps.optics import streaks, taken, through_lens
from datasets.lamps.painting import glow_of, reduced
from datasets.lamps.setting import Random, Setting
from datasets.lamps.values import Flicker, LightRgb
from edge.pipeline import PictureBgr


@dataclass(frozen=True, slots=True)
class Exposure:
    """Linear light, before the sensor: with and without what the lamp gives, and the share of it left uncovered."""

    lit: LightRgb
    off: LightRgb
    unlit: LightRgb
    """Without rain."""
    share: float
    grain: int

    def picture(self, setting: Setting) -> PictureBgr:
        """Return the picture."""
        return taken(self.lit, setting.air, setting.camera, np.random.default_rng(self.grain))

    def picture_off(self, setting: Setting) -> PictureBgr:
        """Return the same picture, noise included, of the lamp without its light."""
        return taken(self.off, setting.air, setting.camera, np.random.default_rng(self.grain))


def expose(setting: Setting, state: LampState, flicker: Flicker, random: Random) -> Exposure:
    """Return an exposure of a lamp that shows a state."""
    easel, air = setting.easel, setting.air
    whole = glow_of(setting.body, state, air, flicker, easel)
    left = reduced(np.asarray(whole * (1 - setting.mask[:, :, None]), dtype=np.float32), easel)
    unlit, glow = through_lens(setting.unlit, air), through_lens(left, air)
    rain = streaks((easel.size_wh[1], easel.size_wh[0]), air, random)[:, :, None]
    wet = rain * np.array(air.ambient, np.float32) * 0.7
    return Exposure(
        lit=np.asarray((unlit + glow) * (1 - rain) + wet, dtype=np.float32),
        off=np.asarray(unlit * (1 - rain) + wet, dtype=np.float32),
        unlit=unlit,
        share=float(left.sum()) / max(float(reduced(whole, easel).sum()), 1e-6),
        grain=int(random.integers(2**32)),
    )
