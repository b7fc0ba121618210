"""Rules of the networks over plain values: where each is on air. Knows no database and no page."""
