"""Core's own implementation of the hooks: it declares what it stores like any plugin does."""
