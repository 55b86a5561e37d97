"""An RTSP server for tests and trials: GStreamer's, out of Debian's packages, unpacked into the cache without root.

It plays one H.264 file to whoever asks, at its own pace and from the beginning for each who comes, and sends RTCP
sender reports with the wall clock, as a camera does.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av

from datasets.debian import Say, fetch
from datasets.errors import PartMissingError
from edge.camera.file import VideoFile

PACKAGES: Final = ("gir1.2-gst-rtsp-server-1.0", "gstreamer1.0-plugins-good", "gstreamer1.0-plugins-bad", "python3-gi")
PYTHON: Final = "/usr/bin/python3"  # the one that Debian's python3-gi is built for
SERVE: Final = """
import sys, gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server, factory = GstRtspServer.RTSPServer(), GstRtspServer.RTSPMediaFactory()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
factory.set_launch(
    f"( filesrc location={sys.argv[2]} ! matroskademux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=1 )"
)
server.get_mount_points().add_factory("/camera", factory)
server.attach(None)
print("up", flush=True)
GLib.MainLoop().run()
"""


@dataclass(frozen=True, slots=True)
class RtspServer:
    """Where GStreamer lies, and how to start it."""

    environment: dict[str, str]

    @contextmanager
    def playing(self, port: int, film: Path) -> Iterator[subprocess.Popen[str]]:
        """Serve a film at rtsp://127.0.0.1:PORT/camera until the block ends. Raises PartMissingError."""
        words = [PYTHON, "-c", SERVE, str(port), str(film)]
        process = subprocess.Popen(
            words, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            if process.stdout is None or process.stdout.readline().strip() != "up":
                _, told = process.communicate(timeout=10)
                why = (told.strip().splitlines() or ["it said nothing"])[-1]
                raise PartMissingError("GStreamer's RTSP server", why, "Delete the cache folder and try again")
            yield process
        finally:
            process.kill()
            process.communicate()


def rtsp_server(cache: Path, say: Say) -> RtspServer:
    """Return the server, fetching it if it is not there. Raises PartMissingError."""
    root = fetch(PACKAGES, cache, say, closure=True)
    folders = [path for base in (root / "usr/lib", root / "lib") if base.is_dir() for path in base.glob("*-linux-gnu*")]
    libraries = [
        path for folder in folders for path in (folder, folder / "pulseaudio", folder / "blas", folder / "lapack")
    ]
    own = [str(folder) for folder in Path("/usr/lib").glob("*-linux-gnu*")]

    def joined(paths: list[Path], more: list[str]) -> str:
        return ":".join([*map(str, (path for path in paths if path.is_dir())), *more])

    environment = dict(os.environ) | {
        "LD_LIBRARY_PATH": joined(libraries, []),
        "GI_TYPELIB_PATH": joined([f / "girepository-1.0" for f in folders], [f"{f}/girepository-1.0" for f in own]),
        "GST_PLUGIN_SYSTEM_PATH": joined([f / "gstreamer-1.0" for f in folders], [f"{f}/gstreamer-1.0" for f in own]),
        "GST_REGISTRY": str(root / "registry.bin"),
        "GST_REGISTRY_FORK": "no",
        "PYTHONPATH": str(root / "usr/lib/python3/dist-packages"),
    }
    return RtspServer(environment)


def as_h264(source: Path, out: Path, frames: int) -> Path:
    """Write the first frames of a video as H.264 in Matroska, as a camera would send them."""
    video = VideoFile(source)
    rate = round(video.frames_per_second)
    options = {"preset": "veryfast", "tune": "zerolatency", "g": str(rate)}
    with av.open(str(out), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = *video.size_px, "yuv420p"
        for _, frame in zip(range(frames), video.frames(), strict=False):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame.picture_bgr, format="bgr24")))
        container.mux(stream.encode())
    return out
