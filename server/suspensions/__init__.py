"""Sites whose records cannot be believed for now: a spike of rejections suspends one, a supervisor lifts it."""
