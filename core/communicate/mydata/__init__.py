"""My data: what is held about a member, and the archive of all of it."""
