"""How work moves: states and transitions as tables. Pure; knows no record and no page."""
