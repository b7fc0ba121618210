"""Planners' projects in: preview with pictures, import, undo."""
