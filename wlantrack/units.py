"""Physical constants and conversions that more than one part needs, each with its unit."""

SPEED_OF_LIGHT_M_PER_S = 299_792_458.0
"""Exact by definition of the metre (BIPM, SI Brochure, 9th edition)."""

MEGAHERTZ = 1e6
GIGAHERTZ = 1e9
