"""Bytes in, dataclasses out, and back. Hostile input stops here."""
