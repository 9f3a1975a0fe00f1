"""Copies that take longer than a request may: made in batches, seen once they are whole."""
