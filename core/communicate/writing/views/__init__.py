"""Pages of what members write with."""
