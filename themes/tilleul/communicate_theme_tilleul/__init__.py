"""Tilleul, a second look: lime leaves on paper, serifs, hardly a rounded corner."""
