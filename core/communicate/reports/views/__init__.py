"""Pages: reporting something, and deciding about it."""
