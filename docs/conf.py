"""Sphinx configuration of the documentation (``make docs``)."""

project = "2 Communicate"
author = "the developers of 2 Communicate"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "2 Communicate"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
