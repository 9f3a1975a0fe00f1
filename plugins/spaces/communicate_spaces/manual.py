"""The page of help about comments."""

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HelpPage

_ = TranslationStringFactory("communicate_spaces")

ENGLISH = """\
Comments stand below what they are about: a space, a part of it, an article. Who may read that
reads its comments, and nobody else.

## Say who may comment
At first nobody may comment what is yours. Under *Settings*, *Comments* you choose who reads the
comments on your space, who may comment, and whether you want to read each comment before others
do. It counts for all that is yours; *Who may comment*, beside the comments on one thing, says
something else for that one.

## What waits
If you want to read comments first, each waits until you approve it: only you and its author see
it. Your home page says how many there are. To refuse one is to delete it; nobody is told.

## Write
Comments are written in Markdown, as in forums; `@login` mentions a member, who is told if they
may read it. *Reply* answers a comment, one level deep. *Edit* changes a comment of yours, for a
while after you wrote it; it is then marked as edited, and waits again where comments wait.
Pictures and files can be attached: who may read the comment gets them, and nobody else.

## Delete and block
*Delete* hides a comment at once; for ten seconds *Undo* brings it back, then its words are
destroyed. The owner of what is commented can delete every comment there, and changes none.
*Block its author* keeps somebody from you everywhere; their comments on what is yours are shown
to nobody while the block lasts.
"""

FRENCH = """\
Les commentaires se trouvent sous ce dont ils parlent : un espace, une partie d’un espace, un
article. Ceux qui peuvent lire cela lisent les commentaires, et personne d’autre.

## Choisir qui peut commenter
Au début, personne ne peut commenter ce qui est à vous. Sous *Réglages*, *Commentaires*, vous
choisissez qui lit les commentaires de votre espace, qui peut commenter, et si vous voulez lire
chaque commentaire avant les autres. Cela vaut pour tout ce qui est à vous ; *Qui peut commenter*,
à côté des commentaires, permet un autre choix pour une seule chose.

## Ce qui attend
Si vous voulez lire les commentaires d’abord, chacun attend que vous l’approuviez : seuls vous et
son auteur le voyez. Votre page d’accueil dit combien il y en a. Refuser, c’est supprimer ;
personne n’en est informé.

## Écrire
Les commentaires s’écrivent en Markdown, comme dans les forums ; `@identifiant` mentionne un
membre, qui en est informé s’il peut le lire. *Répondre* répond à un commentaire, sur un seul
niveau. *Modifier* change un de vos commentaires, pendant un moment après l’avoir écrit ; il porte
ensuite la marque « modifié », et attend de nouveau là où les commentaires attendent.
Des images et des fichiers peuvent être joints : qui peut lire le commentaire les reçoit, et
personne d’autre.

## Supprimer et bloquer
*Supprimer* cache un commentaire aussitôt ; pendant dix secondes, *Annuler* le ramène, puis ses
mots sont détruits. Le propriétaire de ce qui est commenté peut y supprimer chaque commentaire, et
n’en change aucun. *Bloquer son auteur* éloigne quelqu’un de vous partout ; ses commentaires sur
ce qui est à vous ne sont montrés à personne tant que dure le blocage.
"""

PAGES = (HelpPage("comments", _("Comments"), {"en": ENGLISH, "fr": FRENCH}),)
