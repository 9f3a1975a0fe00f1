"""Members' own mail programs: what they are told of the servers of this site, and how."""
