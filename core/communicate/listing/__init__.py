"""Lists in the order of words that the tree must not show: names of files, subjects of mail.

`communicate.listing.content.SealedPages` keeps ids in the order of sealed words, in pages of at
most 256, so that a page of fifty among a hundred thousand costs three openings.
"""
