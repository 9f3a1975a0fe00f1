"""The page of help about forums."""

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HelpPage

_ = TranslationStringFactory("communicate_forums")

ENGLISH = """\
A forum holds topics, a topic holds posts. Next to each forum stands who reads it.

## Write
Open a forum and choose **Open a topic**, or reply at the end of a topic. *Preview* shows what
others will see and keeps nothing. Posts are written in Markdown:

- `*emphasis*` gives *emphasis*, `**strong**` gives **strong**
- a line that begins with `>` is a quote, with `-` an item of a list
- `[words](https://example.org)` makes a link

## Change and delete
*Edit* changes a post of yours, which is then marked as edited. *Delete* hides it at once, for
everybody; for ten seconds *Undo* brings it back, then its words are destroyed. A topic that holds
no other post goes with it.

## Moderators
They can pin, lock and hide topics, and hide posts, in forums that members or everyone may read.
"""

FRENCH = """\
Un forum contient des sujets, un sujet contient des messages. À côté de chaque forum est écrit qui
le lit.

## Écrire
Dans un forum, choisissez **Ouvrir un sujet**, ou répondez à la fin d’un sujet. *Aperçu* montre ce
que les autres verront, sans rien garder. Les messages s’écrivent en Markdown\u00a0:

- `*accent*` donne *accent*, `**important**` donne **important**
- une ligne qui commence par `>` est une citation, par `-` un élément de liste
- `[mots](https://example.org)` fait un lien

## Modifier et supprimer
*Modifier* change un de vos messages, qui porte alors la mention «\u00a0modifié\u00a0».
*Supprimer* le cache aussitôt, pour tout le monde\u202f; pendant dix secondes, *Annuler* le
rétablit, puis ses mots sont détruits. Un sujet qui ne contient pas d’autre message disparaît
avec lui.

## Modérateurs
Ils peuvent épingler, verrouiller et masquer des sujets, et masquer des messages, dans les forums
que les membres ou tout le monde peuvent lire.
"""

PAGES = (HelpPage("forums", _("The forums"), {"en": ENGLISH, "fr": FRENCH}),)
