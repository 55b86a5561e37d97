"""A real cyclist and a real motorbike out of packages' sample pictures, played over the empty scene, with labels."""
