"""By what a box knows how far its clock is off: an SNTP server, chrony, the kernel."""
