"""Where a camera's pixels lie on the road: the scene file, its shapes in metres, the ground plane."""
