"""Who is at work on what: one store of locks, which every way to write into a disk asks."""
