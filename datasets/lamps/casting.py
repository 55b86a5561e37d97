"""What is drawn: bodies, air and cameras by chance, so that every seed is another set. No pixels in here.

Spectra: signal reds are 615 to 640 nm, yellows 585 to 595 nm, greens 495 to 515 nm (GB 14887, EN 12368); a camera sees
them as nearly pure red, as orange-yellow and as a green with much blue in it.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

import numpy as np

from contract.words import LampState
from datasets.lamps.values import LIT, Air, Body, Camera, Flicker, Glow, Hour, Kind, Rgb, User, Weather

HEIGHT_PX: Final = (8.0, 80.0)
KINDS: Final = {Kind.PEDESTRIAN_2: 0.45, Kind.PEDESTRIAN_3: 0.1, Kind.VEHICLE_3: 0.3, Kind.SINGLE: 0.15}
HOURS: Final = {Hour.DAY: 0.5, Hour.DUSK: 0.15, Hour.NIGHT: 0.35}
WEATHERS: Final = {Weather.CLEAR: 0.53, Weather.RAIN: 0.2, Weather.GLARE: 0.17, Weather.LOW_SUN: 0.1}
SIGNS: Final = ("disc", "ahead", "left", "right", "bicycle")
BLACK, GREY, OLIVE = (0.03, 0.03, 0.03), (0.12, 0.12, 0.13), (0.05, 0.09, 0.05)
GREY_WALL: Final = 0.3
EXPOSED: Final = 0.3
GAIN_MAX: Final = 2.5
"""What a street gives back of its light, the share of white that a camera brings its picture to, and its limit."""
Random = np.random.Generator
T = TypeVar("T")


def choose(shares: Mapping[T, float], random: Random) -> T:
    """Return one of the keys by its share."""
    names = list(shares)
    return names[int(random.choice(len(names), p=list(shares.values())))]


def cast_body(random: Random) -> Body:
    """Return a lamp."""
    kind = choose(KINDS, random)
    windows = {Kind.PEDESTRIAN_2: 2, Kind.SINGLE: 1}.get(kind, 3)
    height_px = float(np.exp(random.uniform(*np.log(HEIGHT_PX))))
    lying = kind is Kind.VEHICLE_3 and random.random() < 0.25
    window_px = max(height_px / (1 if lying else windows), 8.0 if windows == 1 else 4.0)
    housing = (BLACK, GREY, OLIVE)[int(random.choice(3, p=[0.75, 0.15, 0.1]))]
    tinted = random.random() < 0.3
    return Body(
        kind=kind,
        user=_user(kind, random),
        lying=lying,
        windows=windows,
        window_px=min(window_px, 34.0),
        rim_px=float(random.uniform(0.06, 0.25)) * window_px,
        shows=_shows(kind, random),
        light=_lights(random),
        housing=_near(housing, 0.4, random),
        lenses=_lenses(windows, random, tinted=tinted),
        lens_share=float(random.uniform(0.74, 0.95)),
        dotted=bool(random.random() < 0.6),
    )


def _user(kind: Kind, random: Random) -> User:
    if kind in {Kind.PEDESTRIAN_2, Kind.PEDESTRIAN_3}:
        return "pedestrian"
    other: User = "vehicle" if kind is Kind.VEHICLE_3 else "pedestrian"
    return other if random.random() < 0.5 else "bicycle"


def _shows(kind: Kind, random: Random) -> dict[LampState, tuple[Glow, ...]]:
    number = str(int(random.integers(1, 99)))
    red, green, yellow = LIT
    match kind:
        case Kind.PEDESTRIAN_2:
            if random.random() < 0.15:  # the window that is not needed counts down, in the colour that is shown
                return {
                    red: (Glow(0, red, "standing"), Glow(1, red, number)),
                    green: (Glow(1, green, "walking"), Glow(0, green, number)),
                }
            return {red: (Glow(0, red, "standing"),), green: (Glow(1, green, "walking"),)}
        case Kind.PEDESTRIAN_3:
            return {
                red: (Glow(0, red, "standing"), Glow(1, red, number)),
                green: (Glow(2, green, "walking"), Glow(1, green, number)),
            }
        case Kind.VEHICLE_3:
            sign = str(random.choice(SIGNS, p=[0.5, 0.15, 0.1, 0.1, 0.15]))
            return {state: (Glow(place, state, sign),) for place, state in ((0, red), (1, yellow), (2, green))}
        case Kind.SINGLE:
            pair = (("disc", "disc"), ("standing", "walking"), (number, number))[int(random.integers(3))]
            return {red: (Glow(0, red, pair[0]),), green: (Glow(0, green, pair[1]),)}


def _lights(random: Random) -> dict[LampState, Rgb]:
    weak = random.uniform
    return {
        LampState.RED: (1.0, float(weak(0.015, 0.10)), float(weak(0.01, 0.07))),
        LampState.GREEN: (float(weak(0.0, 0.12)), 0.9, float(weak(0.3, 0.75))),
        LampState.YELLOW: (1.0, float(weak(0.36, 0.58)), float(weak(0.0, 0.06))),
    }


def _lenses(windows: int, random: Random, *, tinted: bool) -> tuple[Rgb, ...]:
    """Return what each unlit lens gives back: dark or clear ones of LEDs, tinted ones of bulbs."""
    dark = float(random.uniform(0.02, 0.10))
    if not tinted or windows == 1:
        return ((dark, dark, dark),) * windows
    red, yellow, green = (2.2 * dark, 0.5 * dark, 0.45 * dark), (2 * dark, 1.5 * dark, dark / 2), (dark / 2, dark, dark)
    return (red, green) if windows == 2 else (red, yellow, green)


def _near(colour: Rgb, spread: float, random: Random) -> Rgb:
    red, green, blue = (float(c * random.uniform(1 - spread, 1 + spread)) for c in colour)
    return red, green, blue


def cast_air(body: Body, random: Random) -> Air:
    """Return hour and weather, and how strong the lamp is beside the daylight."""
    hour = choose(HOURS, random)
    weather = choose(WEATHERS, random)
    if weather is Weather.LOW_SUN and hour is Hour.NIGHT:
        weather = Weather.CLEAR
    level, power = {
        Hour.DAY: (random.uniform(0.55, 1.0), random.uniform(0.9, 5.0)),
        Hour.DUSK: (random.uniform(0.12, 0.4), random.uniform(0.9, 6.0)),
        Hour.NIGHT: (random.uniform(0.004, 0.06), random.uniform(0.8, 14.0)),
    }[hour]
    scale = max(1.0, body.window_px / 10)
    scatter = {Hour.DAY: 0.03, Hour.DUSK: 0.06, Hour.NIGHT: 0.12}[hour] * (2.0 if weather is Weather.RAIN else 1.0)
    return Air(
        hour=hour,
        weather=weather,
        ambient=_near(_sky(hour, float(level), random), 0.08, random),
        power=float(power),
        sun_on_lens=float(random.uniform(0.3, 2.5)) if weather is Weather.LOW_SUN else float(random.uniform(0, 0.15)),
        blur_px=float(random.uniform(0.3, 1.0)) * scale**0.5 * (1.5 if weather is Weather.RAIN else 1.0),
        bloom=(
            (scatter * float(random.uniform(0.3, 1)), 1.6 * scale),
            (scatter * float(random.uniform(0.2, 0.8)), 5.0 * scale),
        ),
        veil=_veil(weather, hour, random),
        strangers=int(random.integers(0, 3)) if hour is Hour.NIGHT else int(random.random() < 0.15),
    )


def _sky(hour: Hour, level: float, random: Random) -> Rgb:
    if hour is Hour.NIGHT and random.random() < 0.5:
        return level, 0.62 * level, 0.25 * level  # sodium lamps
    return level, level, level * float(random.uniform(0.9, 1.15))


def _veil(weather: Weather, hour: Hour, random: Random) -> Rgb:
    """Return the light that the lens or wet air lays over all."""
    strength = 0.0
    if weather is Weather.GLARE:
        strength = float(random.uniform(0.05, 0.25 if hour is Hour.NIGHT else 0.6))
        if random.random() < 0.15:
            strength *= 6
    elif weather is Weather.RAIN:
        strength = float(random.uniform(0.0, 0.12)) * (0.3 if hour is Hour.NIGHT else 1)
    return strength, strength * float(random.uniform(0.85, 1)), strength * float(random.uniform(0.7, 1))


def cast_camera(air: Air, random: Random) -> Camera:
    """Return a camera: its exposure follows the whole scene with its veil, not the lamp, up to what its gain can do."""
    noise = {Hour.DAY: 0.008, Hour.DUSK: 0.014, Hour.NIGHT: 0.022}[air.hour]
    scene = GREY_WALL * max(air.ambient) + max(air.veil)
    return Camera(
        exposure=min(EXPOSED / scene, GAIN_MAX) * float(random.uniform(0.55, 1.7)),
        gains=(float(random.uniform(0.85, 1.2)), 1.0, float(random.uniform(0.8, 1.2))),
        hue_turn_deg=float(random.uniform(-10, 10)),
        crosstalk=float(random.uniform(0.02, 0.12)),
        noise=noise * float(random.uniform(0.4, 2.0)),
        jpeg_quality=int(random.integers(50, 96)),
    )


def cast_flicker(random: Random) -> Flicker:
    """Return what a frame may have of a lit lamp: mostly all, else a share, or all but a band of rows."""
    luck = random.random()
    if luck < 0.75:
        return Flicker()
    if luck < 0.9:
        return Flicker(float(random.uniform(0.3, 0.9)))
    begin = float(random.uniform(0, 1))
    return Flicker(float(random.uniform(0.0, 0.3)), (begin, begin + float(random.uniform(0.15, 0.45))))
