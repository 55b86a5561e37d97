"""Enrolment: one-time codes, and what becomes of a box that shows one."""
