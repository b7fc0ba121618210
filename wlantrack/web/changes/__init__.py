"""What people have just done, and take back."""
