"""Files that come in parts, over days if need be: tus 1.0, and what it leaves unfinished."""
