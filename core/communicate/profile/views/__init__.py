"""The pages of a space."""
