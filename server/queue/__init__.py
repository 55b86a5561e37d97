"""The queue: which cases wait for whom, in the order in which their legal periods end."""
