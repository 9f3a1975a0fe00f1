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
- `@login` mentions a member, who is told
- **Quote** puts a reference to a post, or to the words that you selected in it, into your reply.
  It shows those words as long as they are there, and only to those who may read them.

## Follow
**Follow** a topic or a forum to be told of replies or of new topics; you follow what you open.
*new* in a list leads to the first post that you have not read. Under *Settings*, *Forums* shows
what you follow, and makes a private feed for a feed reader.

## Change and delete
*Edit* changes a post of yours, which is then marked as edited. *Delete* hides it at once, for
everybody; for ten seconds *Undo* brings it back, then its words are destroyed. A topic that holds
no other post goes with it.

## Moderators
They can pin, lock, move, merge and hide topics, split them, and hide posts, in forums that members
or everyone may read. Old addresses lead to where things are. Who wrote what is hidden reads why.
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
- `@identifiant` mentionne un membre, qui en est prévenu
- **Citer** met dans votre réponse une référence au message, ou aux mots que vous y avez
  sélectionnés. Elle montre ces mots tant qu’ils existent, et seulement à qui peut les lire.

## Suivre
**Suivez** un sujet ou un forum pour être prévenu des réponses ou des nouveaux sujets\u202f; vous
suivez ce que vous ouvrez. Dans une liste, *nouveau* mène au premier message non lu. Dans les
réglages, *Forums* montre ce que vous suivez, et crée un flux privé pour un lecteur de flux.

## Modifier et supprimer
*Modifier* change un de vos messages, qui porte alors la mention «\u00a0modifié\u00a0».
*Supprimer* le cache aussitôt, pour tout le monde\u202f; pendant dix secondes, *Annuler* le
rétablit, puis ses mots sont détruits. Un sujet qui ne contient pas d’autre message disparaît
avec lui.

## Modérateurs
Ils peuvent épingler, verrouiller, déplacer, fusionner et masquer des sujets, les diviser, et
masquer des messages, dans les forums que les membres ou tout le monde peuvent lire. Les anciennes
adresses mènent là où les choses se trouvent. L’auteur de ce qui est masqué lit pourquoi.
"""

PAGES = (HelpPage("forums", _("The forums"), {"en": ENGLISH, "fr": FRENCH}),)
