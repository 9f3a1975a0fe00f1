"""What the service of uploads promises."""

from zope.interface import Interface


class IUploads(Interface):
    """Files that come in parts."""

    def begin(folder, name, size, by, modified=0):
        """Return an upload of *size* bytes by member *by*, its room claimed.

        It is a new one, but for a file, last *modified* at that moment, that was begun before.

        Raise Refused, BadName or QuotaExceeded.
        """

    def find(number, by):
        """Return the upload of member *by* with that id, or None."""

    def done(number, by):
        """Return how large the file was that member *by* has just sent under that id, or None."""

    def unfinished(by):
        """Return what member *by* has on the way, the oldest first."""

    def incoming(owner):
        """Return what others have on the way to the disk of member *owner*, the oldest first."""

    def stoppable(number, by):
        """Return the upload with that id if member *by* sends it, or has the disk it goes to."""

    def name(upload):
        """Return what the file will be called."""

    def is_welcome(upload):
        """Tell whether its sender may still put something where it goes."""

    def offset(upload):
        """Return how much of it counts."""

    def append(upload, offset, stream, length):
        """Take *length* bytes of *stream*, which begin at *offset*; return the file once whole.

        Raise Elsewhere, NoPlace, or `communicate.sealing.partial.Busy`.
        """

    def cancel(upload):
        """Destroy it."""
