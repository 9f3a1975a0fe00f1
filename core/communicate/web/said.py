"""What somebody wrote, as every page shows it: a post, a comment, a message.

    said = Saying(request)                      # one for a page
    said.show(Said(name, html, author=..., time=...), mine=True)

It shows the author, the avatar, the time, which is the permalink, "edited", the words; or in the
place of words that are gone, "deleted" or "hidden", with the reason for whom it concerns.

A page that offers actions has a template of its own around the shared one, which fills its slots::

    <li i18n:domain="communicate_x"><metal:said use-macro="said">
      <metal:tags fill-slot="tags">…</metal:tags>          beside the name
      <metal:acts fill-slot="acts">…</metal:acts>          what the viewer can do
      <metal:deleted fill-slot="deleted">Comment deleted</metal:deleted>
      <metal:hidden fill-slot="hidden">Comment hidden by a moderator</metal:hidden>
      <metal:acts fill-slot="gone-acts">…</metal:acts>     what can be done where it is hidden
    </metal:said></li>

It is rendered once for each kind and then filled (see `communicate.web.skeletons`): what it asks
in conditions is given to `show` as values of the kind, what differs from one to the next as parts
of `show`'s *parts*; both always under the same names.  Parts that are the same all over a page
are better given once, as *fixed* of its `Saying`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from pyramid.renderers import get_renderer

from communicate.web.skeletons import Pieces, Skeleton, as_is, put_in

TEMPLATE = "communicate:templates/said.pt"
NOTHING: Mapping[str, Any] = {}


@dataclass(slots=True)
class Said:
    """One thing that was written; *html* is None where there are no words to show.

    *number* is its id as addresses have it, and the id of its element; *gone* is "deleted" or
    "hidden" where the words are not for everybody.  With *html* all the same, what is hidden can
    be opened, by moderators.  *reason* is why it is hidden, for its author and moderators.
    """

    number: str
    html: Markup | None = None
    author: Any = ""
    avatar: Any = ""
    time: Any = ""
    path: str = ""
    gone: str = ""
    edited: bool = False
    mine: bool = False
    reason: str | None = None


class Saying(Skeleton):
    """What shows each `Said` of one page, by *template*: the shared one, or one around it."""

    def __init__(
        self, request: Any, template: str = TEMPLATE, fixed: Mapping[str, Any] = NOTHING
    ) -> None:
        super().__init__(request, template, fixed)

    def shared(self) -> Mapping[str, Any]:
        """Let the template use the shared one as the macro ``said``."""
        return {"said": get_renderer(TEMPLATE).implementation()}

    def show(self, said: Said, parts: Mapping[str, Any] = NOTHING, **kind: Any) -> Markup:
        """Return the HTML of *said*; *kind* and *parts* are what the template asks besides."""
        given = {
            "number": as_is(said.number),  # an id; it is there many times
            "path": as_is(said.path),  # names and ids
            "author": said.author,
            "avatar": said.avatar,
            "time": said.time,
            "html": said.html or "",
            "reason": said.reason or "",
            **parts,
        }
        return put_in(self.shape(said, given, **kind), given)

    def shape(self, said: Said, parts: Iterable[str], **kind: Any) -> Pieces:
        """Return the pieces of whatever is said as *said* is; *parts* name all that goes in."""
        kind["gone"] = said.gone
        kind["mine"] = said.mine
        kind["edited"] = said.edited
        kind["shown"] = said.html is not None
        kind["reasoned"] = said.reason is not None
        return self.pieces(kind, parts)
