"""Import the archive of a mailing list into a forum: ``communicate forum import-mbox``.

The files are read twice.  First only the headers that say which message answers which (`files`,
`heads`, `threads`); then, topic by topic and a few hundred messages at a time, what is shown
(`letters`, `text`), which one transaction each puts into the tree (`writing`).  What the memory
holds of a message in between is a few numbers.
"""
