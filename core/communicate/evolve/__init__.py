"""Core's evolve steps: one module for each package that brings some."""
