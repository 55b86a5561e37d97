"""A clip of real footage in a real Chromium: how long it is, a jump to the act, and the pixels that are shown there."""

import base64
import io

import numpy as np
import pytest
from filming import START_MS, act, place, read_band, real_frames
from PIL import Image

from edge.video.band import Band
from edge.video.film import Film
from edge.video.settings import VideoSettings

pytestmark = [pytest.mark.browser, pytest.mark.process]
ACT = act(7_300, 9_400)
OPEN = """async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const video = document.createElement("video");
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([bytes], {type: "video/mp4"}));
  document.body.replaceChildren(video);
  await new Promise((done, fail) => {
    video.oncanplay = done;
    video.onerror = () => fail(new Error(video.error.message));
  });
  return {duration: video.duration, width: video.videoWidth, height: video.videoHeight};
}"""
SEEK = """async (seconds) => {
  const video = document.querySelector("video");
  const sought = new Promise((done) => { video.onseeked = done; });
  video.currentTime = seconds;
  await sought;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d").drawImage(video, 0, 0);
  return {at: video.currentTime, png: canvas.toDataURL("image/png").split(",")[1]};
}"""


@pytest.fixture(scope="module")
def clip(footage_path):
    film = Film(place(), VideoSettings(), patient=True)
    frames = real_frames(footage_path, 160)
    for frame in frames:
        film.offer(frame)
    film.finish()
    return frames, film.files(ACT)


def test_a_browser_plays_it_and_shows_at_each_time_the_frame_of_that_time(page, clip, pictures):
    frames, files = clip
    band = Band(768, "c-1 DEMO", START_MS)
    told = [[int(cell) for cell in line.split(b",")] for line in files["clip.csv"].splitlines()[1:]]
    shown = page.evaluate(OPEN, base64.b64encode(files["clip.mp4"]).decode())
    assert shown["duration"] == pytest.approx((told[-1][3] + 83) / 1000, abs=0.01)
    assert (shown["width"], shown["height"]) == (768, 576 + band.height_px)
    for number, t_ms, epoch_ms, clip_ms in (told[0], told[53], told[-1]):
        sought = page.evaluate(SEEK, clip_ms / 1000 + 0.02)
        picture = Image.open(io.BytesIO(base64.b64decode(sought["png"]))).convert("RGB")
        rgb = np.asarray(picture)
        said = band.text(number, t_ms)
        assert epoch_ms == START_MS + t_ms
        assert read_band(rgb[..., 1], band, said) == said
        original = frames[number - 1].picture_bgr[..., ::-1].astype(float)
        assert np.abs(rgb[:576].astype(float) - original).mean() < 8
        if number == told[53][0]:
            picture.crop((0, 440, *picture.size)).save(pictures / "clip.jpg", quality=85)  # the foot of it: the band
