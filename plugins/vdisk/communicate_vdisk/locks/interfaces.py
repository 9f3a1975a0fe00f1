"""What the service of locks promises: ask with ``request.find_service(ILocks)``."""

from zope.interface import Attribute, Interface


class ILocks(Interface):
    """Locks on folders and files.

    A lock keeps everybody from writing who does not present its token, its holder's other programs
    too.  It ends by itself, an hour after it was last asked for at most, and at once where its
    holder may not change the thing any more.  A lock on all that a folder holds counts for what of
    that its holder may change.
    """

    def present(uid, tokens):
        """Let the rest of this request be done by member *uid*, who knows *tokens*."""

    presented = Attribute("Who does the rest of this request, with which tokens; None if unsaid.")

    def check(*nodes, below=False):
        """Raise `Locked` where somebody is at work on one of *nodes*.

        For what is added to a folder or taken out of it, that is asked of the folder; *below*: of
        all that lies in *nodes*, too.
        """

    def check_leaving(node):
        """Raise Locked where somebody is at work on the folder of *node*, which leaves its list.

        Only locks of those who may change *node* count.
        """

    def on(node):
        """Return the locks on *node*, on itself and on what holds it."""

    def below(node):
        """Return the locks on what lies in *node*."""

    def lock(node, uid, *, seconds=None, deep=False, shared=False, words=None):
        """Return a new lock of member *uid* on *node*; raise `Locked` where one stands against it.

        It lasts *seconds*, an hour at most.
        """

    def refresh(token, uid, seconds=None):
        """Let the lock last *seconds* from now; return it, or None where *uid* holds none such."""

    def unlock(token, uid):
        """End a lock of member *uid*; tell whether there was one."""

    def release(node):
        """End every lock on *node* and what lies in it, whoever holds it."""

    def held(uid):
        """Return the locks that member *uid* holds."""

    def forget(uid):
        """End every lock that member *uid* holds; return how many there were."""

    def sweep(most):
        """Forget up to *most* locks that have ended; return how many there were."""
