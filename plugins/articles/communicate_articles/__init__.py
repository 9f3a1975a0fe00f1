"""Articles that members publish: see the plugin's README."""
