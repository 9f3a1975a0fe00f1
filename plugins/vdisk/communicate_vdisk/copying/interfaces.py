"""The service of copies that take long."""

from zope.interface import Interface

# Interfaces declare methods as callers see them, without self.


class ICopies(Interface):
    """Copies of many things, or of large ones, made by a job in batches.

    Nothing of a copy is to be seen before all of it is there; its room is taken when it is known
    how much that is.  What its maker may not read, or not any more, is not in it.
    """

    def is_long(nodes):
        """Tell whether copying *nodes* is too much for one request."""

    def begin(nodes, folder, by, *, name=None, replaces=False, quiet=False):
        """Return a new copy of *nodes* to *folder* for member *by*; raise Refused.

        It is called *name*, for one of them, and with *replaces* what is called so is thrown away;
        with *quiet* nobody is told of its end.
        """

    def later(copy, minutes=0, *, ends=False):
        """Have a job go on with *copy* in so many *minutes*, or end it, where it *ends* then."""

    def find(number):
        """Return the copy with that id, or None."""

    def of(uid):
        """Return the copies of member *uid*, or that go to their disk, the newest first."""

    def step(number):
        """Do the next batch; return what is to be done then: see `walking.Next`."""

    def cancel(copy):
        """End *copy*: what it made is destroyed, its room is free."""

    def sweep(most):
        """Forget up to *most* copies that ended days ago; return how many."""
