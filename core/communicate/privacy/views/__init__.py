"""Views of the pages about privacy."""
