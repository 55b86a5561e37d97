"""The party's own page: who may open it, what it tells, what a party sends by it."""
