"""The box at the crossing: from a camera's frames to sealed, delivered evidence. It never imports the centre."""
