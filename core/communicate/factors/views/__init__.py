"""Pages of second factors and app passwords."""
