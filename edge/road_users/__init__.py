"""Which tracks are which road users: one rider out of person and machine, and a kind that is decided over the track."""
