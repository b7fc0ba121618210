"""The plan as a Gantt chart, and schedules of MS Project in and out."""
