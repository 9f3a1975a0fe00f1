"""The pages of the disk."""
