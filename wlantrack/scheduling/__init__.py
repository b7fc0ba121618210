"""When work is done: a plan that is feasible at once, then improved, checked and explained. Pure."""
