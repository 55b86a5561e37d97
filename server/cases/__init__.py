"""Cases: what the centre makes of events, and the one table of the procedure."""
