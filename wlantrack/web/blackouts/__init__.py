"""Pages of blackouts: days on which work is forbidden."""
