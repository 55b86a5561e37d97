"""Cameras: a video file or a live stream in, frames with their capture time out; and how healthy the picture is."""
