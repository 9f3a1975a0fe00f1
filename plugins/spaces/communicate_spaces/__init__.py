"""Comments on spaces and on what members publish: see the plugin's README."""
