"""Real footage of a cyclist who rides over a junction, with labels by hand: what a rider looks like to the box."""
