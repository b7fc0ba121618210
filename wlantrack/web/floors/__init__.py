"""Pages of a floor: plan editor, coverage, plan versions."""
