"""The page of a wing."""
