"""The pages of what is held about a member."""
