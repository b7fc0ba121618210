"""Accounts as administrators see them: who may do what where, links, sessions."""
