"""The plugin NAME: a list of lines that members leave."""
