"""Places as numbers: frames, grids, and walls out of lines. Pure; knows no record and no page."""
