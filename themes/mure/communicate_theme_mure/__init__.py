"""Mûre, the look of the site out of the box: a blackberry accent on grey, light and dark."""
