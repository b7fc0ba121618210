"""Log in, log out, one-time links, and a person's language and theme."""
