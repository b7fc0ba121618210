"""Pages of work packages: who does what where and when, and what speaks against it."""
