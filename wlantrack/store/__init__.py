"""Records and queries. Knows SQLAlchemy; refuses to decide who may do what."""
