"""Pages of the working calendar: who works when, and calendars that are read from files."""
