"""The hand-off switch of each site: while an officer directs the traffic, nobody is accused."""
