"""Films one camera in a thread of its own, and cuts the clips of acts; it never keeps the watch waiting for long.

Where the thread falls behind, pictures are left out and counted: their numbers are missing in the film.
"""

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from edge.observations import Violation
from edge.pipeline import Frame
from edge.report import Place
from edge.video.band import Band
from edge.video.clip import Reached, clip_files
from edge.video.encode import Encoder
from edge.video.recording import Recording
from edge.video.ring import Act, Coded, GroupRing
from edge.video.settings import GOP_MS, VideoSettings
from edge.video.spans import TAIL_MS, beginning, shown
from edge.video.thinning import Thinning

log = structlog.get_logger()

QUEUE_FRAMES: Final = 3
"""As many pictures wait to be coded at most: 19 MB at 1920x1080."""


@dataclass(slots=True)
class Counts:
    """What became of the pictures: too many a second (not numbered), too late (numbered, not filmed), filmed."""

    thinned: int = 0
    skipped: int = 0
    filmed: int = 0


class Film:
    """One camera's film. It fills the port ``Clips`` of edge.packing.

    ``patient`` lets the watch wait for the thread, so that nothing is left out: for files that are not played live.
    """

    def __init__(
        self, place: Place, settings: VideoSettings, recording: Recording | None = None, *, patient: bool = False
    ) -> None:
        self._place, self._settings, self._recording, self._patient = place, settings, recording, patient
        self.counts = Counts()
        self.ring = GroupRing(settings.ring_ms, settings.ring_bytes_max)
        self._thinning = Thinning(settings.fps_max)
        self._lock = threading.Lock()  # of the ring
        self._waiting: queue.Queue[tuple[int, Frame] | None] = queue.Queue(QUEUE_FRAMES)
        self._thread: threading.Thread | None = None
        self._encoder: Encoder | None = None
        self._size_px = (0, 0)
        self._group_ms: int | None = None
        self._number = 0
        self._done_ms = -1
        self._problem: str | None = None
        self._ended = False

    def offer(self, frame: Frame) -> None:
        """Film a picture, unless one was filmed too little time ago."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="film", daemon=True)
            self._thread.start()
        if not self._thinning.takes(frame.t_ms):
            self.counts.thinned += 1
            return
        self._number += 1
        try:
            self._waiting.put((self._number, frame), block=self._patient)
        except queue.Full:
            self.counts.skipped += 1

    def foresee(self, act: Violation) -> None:
        """Keep how an act began whose verdict may come late."""
        with self._lock:
            self.ring.pin(_act(act), (beginning(act.entered_ms, act.confirmed_ms),))

    def confirm(self, violation: Violation) -> None:
        """Keep what shows an act until its clip is cut, and the raw video of it."""
        spans = shown(violation.entered_ms, violation.confirmed_ms)
        with self._lock:
            self.ring.pin(_act(violation), spans)
        if self._recording is not None:
            start_ms, event_id = self._place.start_ms, str(self._place.event_id(violation))
            self._recording.keep(start_ms + spans[0].from_ms, start_ms + spans[-1].to_ms, event_id)

    def complete(self, violation: Violation) -> bool:
        """Tell whether all that the clip is to show has been filmed, or nothing more will be."""
        return self._ended or self._problem is not None or self._done_ms >= violation.confirmed_ms + TAIL_MS

    def files(self, violation: Violation) -> Mapping[str, bytes]:
        """Cut the clip with what there is, and let the act go."""
        spans = shown(violation.entered_ms, violation.confirmed_ms)
        with self._lock:
            parts = [(span, self.ring.frames(span)) for span in spans]
            self.ring.unpin(_act(violation))
            template = None if self._encoder is None else self._encoder.stream
            reached = Reached(self.ring.last_ms, self._problem)
        frame_ms = round(1000 / self._settings.fps_max)
        return clip_files(template, parts, self._place.start_ms, frame_ms, reached)

    def finish(self) -> None:
        """Film what still waits; nothing more comes."""
        if self._thread is not None and not self._ended:
            self._waiting.put(None)
            self._thread.join()
        self._ended = True

    def _run(self) -> None:
        """Be the thread. A fault ends the filming, not the watch: each clip says so then."""
        while (given := self._waiting.get()) is not None:
            if self._problem is None:
                try:
                    self._film(*given)
                except Exception as error:
                    self._problem = f"the filming has failed ({type(error).__name__}: {error})"[:200]
                    log.exception("film.failed")
            self._done_ms = given[1].t_ms
        if self._recording is not None:
            self._recording.close()

    def _film(self, number: int, frame: Frame) -> None:
        encoder = self._encoder_for(frame)
        begins = self._begins(frame.t_ms)
        coded = encoder.code(frame.picture_bgr, number, frame.t_ms, key=begins)
        with self._lock:
            self.ring.add(coded)
        self.counts.filmed += 1
        self._record(coded, encoder)

    def _record(self, coded: Coded, encoder: Encoder) -> None:
        if self._recording is not None:
            self._recording.add(coded, encoder.stream)

    def _begins(self, t_ms: int) -> bool:
        """Tell whether a picture is to stand by itself: one a second of capture time."""
        begins = self._group_ms is None or t_ms - self._group_ms >= GOP_MS
        if begins:
            self._group_ms = t_ms
        return begins

    def _encoder_for(self, frame: Frame) -> Encoder:
        """Return the encoder of pictures of this size; what another one coded does not go with it."""
        height_px, width_px = frame.picture_bgr.shape[:2]
        if self._encoder is None or (width_px, height_px) != self._size_px:
            self._size_px, self._group_ms = (width_px, height_px), None
            if self._recording is not None:
                self._recording.close()
            with self._lock:
                self.ring.clear()
                demo = " DEMO" if self._place.demonstration else ""
                band = Band(width_px + width_px % 2, self._place.camera_id + demo, self._place.start_ms)
                self._encoder = Encoder(self._size_px, band, self._settings)
        return self._encoder


def _act(violation: Violation) -> Act:
    return violation.track_id, violation.zone_id, violation.entered_ms
