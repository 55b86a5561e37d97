"""The real centre as a process that only serves pages: no sweep and no seal runs while they are measured."""

import sys
import time

import uvicorn

from server.app import create_app
from server.settings import read_settings

if __name__ == "__main__":
    app = create_app(read_settings(), lambda: time.time_ns() // 1_000_000)
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False, lifespan="off")
