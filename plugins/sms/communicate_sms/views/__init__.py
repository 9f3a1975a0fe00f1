"""The pages of text messages."""
