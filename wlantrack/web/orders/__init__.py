"""Pages of orders: what firms were asked to do, and for which runs and access points."""
