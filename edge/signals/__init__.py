"""What the lamps showed, when: timelines and where they come from. Pure."""
