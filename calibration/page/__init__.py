"""The page on which a scene is drawn over a picture of its camera; local, for one technician."""
