"""What other parts ask of what members write with."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from zope.interface import Interface


class IDrafts(Interface):
    """Drafts: what members typed and have not sent, sealed, for themselves alone.

    There is one for a member and a *place*, the address of the form.  Forms with an editor keep,
    show and drop theirs by themselves (`communicate.web.forms`): plugins have nothing to do.
    """

    def of(uid: int, place: str) -> Any:
        """Return the `communicate.writing.drafts.Opened` of member *uid* at *place*, or None."""

    def keep(uid: int, place: str, words: Mapping[str, str], token: str = "") -> Any:
        """Keep *words*, by the name of the field, in place of what was kept before.

        Without any words there is no draft any more.  Nothing is kept of the form with that
        *token* where it was sent a moment ago: what comes late does not come back.  Return the
        `communicate.writing.content.Draft`, or None.
        """

    def drop(uid: int, place: str, token: str = "") -> None:
        """Destroy the draft at *place*: the form with that *token* was sent."""

    def discard(uid: int, place: str) -> bool:
        """Hide the draft at *place*, and destroy it in a moment; tell whether there was one."""

    def restore(uid: int, place: str) -> bool:
        """Take back ``discard``; tell whether it was not too late."""

    def draft(uid: int, place: str) -> Any:
        """Return the draft at *place* as it lies in the tree, or None."""

    def made(uid: int, place: str) -> Any:
        """Return the draft at *place* as it lies in the tree, made where there was none."""

    def destroy(desk: Any, key: int) -> None:
        """Destroy the draft at *key* of a member's *desk*, and what is attached to it."""

    def forget_sent(desk: Any, most: int | None = None) -> None:
        """Forget on *desk* which forms were sent too long ago to matter, looking at *most*."""

    def clear(uid: int) -> None:
        """Forget the desk of member *uid*, on which nothing lies any more."""

    def all(uid: int) -> Iterator[Any]:
        """Yield what member *uid* has not sent, the latest first, as ``of`` returns it."""

    def at(uid: int, key: int) -> Any:
        """Return what ``of`` returns, of the draft with that *key* on the member's desk."""

    def count(uid: int) -> int:
        """Return how many drafts member *uid* has."""

    def erase(uid: int, most: int) -> int:
        """Destroy at most *most* drafts of member *uid*; return how many."""


class IAttachments(Interface):
    """Files beside words: in a draft while its form is open, then with what the form made.

    A holder is a thing of a class with `communicate.writing.content.Holder`.
    """

    def add(uid: int, place: str, upload: Any, taking: Any = None) -> Any:
        """Keep the file *upload* (``filename``, ``file``) with the draft at *place*.

        *taking* is a `communicate.writing.files.Taking`, where its form takes other files.
        Return the `communicate.writing.content.Attachment`.  Raise `communicate.writing.files.
        BadFile`, with a sentence as its ``reason``, where it cannot be taken.
        """

    def take(form: Any, holder: Any, *, keeps: Collection[int] = ()) -> None:
        """Give *holder* what was attached in *form*, and take from it what was ticked off.

        Call it once the words are written, before ``form.done``: that destroys what is left.
        What *keeps* names by id stays, ticked off or not: where a form changes a draft beside
        words that others read, files of these go with them, and not before.
        """

    def put(holder: Any, uid: int, name: str, data: bytes) -> Any:
        """Give *holder* a file of member *uid* at once; return the attachment.  Raise BadFile."""

    def remove(holder: Any, number: int) -> None:
        """Destroy one attachment of *holder*, where it is there."""

    def clear(holder: Any) -> None:
        """Destroy all attachments of *holder*, whose words are being destroyed."""

    def fill(html: Any, holder: Any, base: str = "", *, pictures: bool = True) -> Any:
        """Return the clean *html* with the attachments that it refers to, and the others below.

        *base* is the address of *holder* where that is not its resource path.  Without *pictures*
        there are links in their place.
        """

    def fill_written(html: Any, place: str, holder: Any = None) -> Any:
        """Return *html*, a preview of what is written at *place*, with what is attached there."""

    def written(place: str, holder: Any = None) -> list[Any]:
        """Return what *holder* has, and what the signed-in member attached at *place* since."""

    def data(attachment: Any) -> bytes:
        """Return what the file holds."""

    def name(attachment: Any) -> str:
        """Return the name of the file, empty where it is gone."""

    def size(uid: int) -> int:
        """Return how many bytes of member *uid* there are."""

    def count(uid: int) -> int:
        """Return how many attachments of member *uid* there are."""

    def erase(uid: int, most: int) -> int:
        """Destroy at most *most* attachments of member *uid* anywhere; return how many."""

    def of(uid: int) -> Iterable[Any]:
        """Return the attachments of member *uid*, wherever they are, the oldest first."""

    def record(archive: Any, attachment: Any, *, owned: bool = True) -> Any:
        """Write the file of *attachment* into *archive*; return its record."""

    def keep(uid: int, place: str, file: Any, taking: Any = None) -> Any:
        """Keep *file*, a `communicate.writing.files.File`, with the draft at *place*."""

    def keep_again(uid: int, place: str, file: Any, taking: Any, number: int) -> Any:
        """Keep *file*, which a request that was undone had kept as *number*, under that again."""

    def export(archive: Any, holder: Any) -> list[Any]:
        """Write the files of *holder* into *archive*; return a record of each for its own record.

        For a class that says ``exports_attachments``; the others' are written by core.
        """

    def bring_back(holder: Any, uid: int, archive: Any, rows: Any) -> dict[str, str]:
        """Give *holder* the files of *rows*, as ``export`` returned them, from *archive*.

        Return the id that each has now by the one that it had: `renumbered` puts them into words.
        """
