"""Milestones: the list, the page of one, its dates, its links."""
