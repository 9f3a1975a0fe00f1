"""The pages of the forums, each in one file with what it does."""
