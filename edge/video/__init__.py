"""Films what a camera shows: coded once, kept in a ring for clips, and on the box's disk as raw video."""
