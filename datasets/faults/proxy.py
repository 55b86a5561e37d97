"""A TCP proxy that spoils what goes through it: connections are cut off half-way, held up, or refused.

It needs no root. What a namespace's wire does below TCP, this does above it: peers see resets and broken transfers.
"""

import contextlib
import random
import selectors
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from datasets.demo.broker import HOST, free_port

PIECE_BYTES: Final = 16 * 1024
RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: close with a RST, what is unsent is thrown away


@dataclass(slots=True)
class Proxy:
    """Listens on ``port`` for a service on loopback. A connection in ``spoiled`` of 1 is cut off after some bytes."""

    target: int
    seed: int = 1
    spoiled: float = 0.0
    bytes_mean: int = 200_000
    delay_s: float = 0.0
    is_cut: bool = False
    port: int = field(default_factory=free_port)
    connections: int = 0
    cut_off: int = 0
    _open: set[socket.socket] = field(init=False, default_factory=set)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _stopping: threading.Event = field(init=False, default_factory=threading.Event)
    _listener: socket.socket | None = field(init=False, default=None)
    _chance: random.Random = field(init=False)

    def __enter__(self) -> "Proxy":
        self._chance = random.Random(self.seed)  # noqa: S311 - no secret
        self._listener = socket.create_server((HOST, self.port))
        self._listener.settimeout(0.2)
        threading.Thread(target=self._accept, name=f"proxy-{self.port}", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.cut_all()
        if self._listener is not None:
            self._listener.close()

    def cut_all(self) -> None:
        """End every connection at once, as a router that is switched off."""
        with self._lock:
            for one in self._open:
                _reset(one)
            self._open.clear()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                accepted, _ = self._listener.accept() if self._listener is not None else (None, None)
            except TimeoutError:
                continue
            except OSError:
                return
            if accepted is not None:
                self._begin(accepted)

    def _begin(self, near: socket.socket) -> None:
        if self.is_cut:
            _reset(near)
            return
        try:
            far = socket.create_connection((HOST, self.target), timeout=5)
        except OSError:
            _reset(near)
            return
        self.connections += 1
        left = self._chance.expovariate(1 / self.bytes_mean) if self._chance.random() < self.spoiled else None
        with self._lock:
            self._open |= {near, far}
        threading.Thread(target=self._carry, args=(near, far, left), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket, left: float | None) -> None:
        other = {near: far, far: near}
        with selectors.DefaultSelector() as waiting, contextlib.suppress(OSError, ValueError):
            for one in other:
                waiting.register(one, selectors.EVENT_READ)
            while not self._stopping.is_set():
                for key, _ in waiting.select(timeout=0.5):
                    one = near if key.fileobj is near else far
                    data = one.recv(PIECE_BYTES)
                    if not data:
                        return self._end(near, far)
                    if left is not None and (left := left - len(data)) < 0:
                        self.cut_off += 1
                        other[one].sendall(data[: len(data) // 2])
                        return self._end(near, far, reset=True)
                    if self.delay_s:
                        time.sleep(self.delay_s)
                    other[one].sendall(data)
        return self._end(near, far, reset=True)

    def _end(self, *both: socket.socket, reset: bool = False) -> None:
        for one in both:
            with self._lock:
                self._open.discard(one)
            if reset:
                _reset(one)
            else:
                one.close()


def _reset(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
