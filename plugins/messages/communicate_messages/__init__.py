"""Private messages between members: see the plugin's README."""
