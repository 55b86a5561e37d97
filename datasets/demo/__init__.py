"""The demonstration: real footage, a virtual crossing, and every part of the chain as its own process."""
