"""Taking back what a request did."""
