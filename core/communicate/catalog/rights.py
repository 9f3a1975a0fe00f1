"""From an audience in the tree to principals in the catalog."""

from typing import Any

from communicate.catalog.entries import Entry
from communicate.content import Content, Site
from communicate.interfaces import ICatalog, IOutbox
from communicate.principals import member

WORDS_JOB = "communicate.catalog.words"


def governor(content: Content) -> Content:
    """Return the object whose audience governs *content*: itself, or one that holds it.

    What is inherited is an audience, not an owner: where it means the owner's contacts, the
    search ends at things of another owner.
    """
    whose = content.effective_audience().level == "contacts"
    found = content
    while _inherits(found) and not (whose and found.__parent__.owner != content.owner):
        found = found.__parent__
    return found


def principals_for(content: Content) -> tuple[str, ...]:
    """Return who may read *content* by its owner's choice, besides the owner.

    The owner may in any case: that is a term of every question, as the site's policy is.
    """
    allowed = content.effective_audience().principals(content.owner)
    own = None if content.owner is None else member(content.owner)
    return tuple(name for name in allowed if name != own)


def entry_for(
    content: Content,
    kind: str,
    *,
    title: str = "",
    words: str = "",
    time: int | None = None,
    labels: tuple[str, ...] = (),
) -> Entry:
    """Return the entry of *content*, a thing in the tree; *time*: else when it was made."""
    ruler = governor(content)
    parent = content.__parent__
    return Entry(
        id=content.id,
        kind=kind,
        acl=ruler.id,
        principals=principals_for(ruler),
        locator=locator(content),
        time=content.created if time is None else time,
        author=content.owner,
        container=getattr(parent, "id", None),
        title=title,
        words=words,
        labels=labels,
    )


def locator(content: Any) -> tuple[str, ...]:
    """Return the names from the site down to *content*."""
    names: list[str] = []
    while content is not None and content.__parent__ is not None:
        names.append(content.__name__)
        content = content.__parent__
    return tuple(reversed(names))


def set_audience(request: Any, content: Content) -> None:
    """Tell the catalog that the audience of *content* has changed; call it in that transaction.

    The rights of what it governs change with the transaction, in as many rows as it has
    principals.  A job then goes through the items, in batches: it takes their words out, or in.
    What this transaction has made governs nothing yet.
    """
    request.find_service(ICatalog).set_rights(content.id, principals_for(content))
    if content._p_jar is not None:
        request.find_service(IOutbox).add(WORDS_JOB, {"acl": content.id, "after": 0})


def _inherits(content: Content) -> bool:
    own_way = type(content).effective_audience is not Content.effective_audience
    parent = content.__parent__
    above = isinstance(parent, Content) and not isinstance(parent, Site)
    return content.audience is None and above and not own_way
