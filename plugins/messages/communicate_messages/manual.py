"""The page of help about messages."""

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HelpPage

_ = TranslationStringFactory("communicate_messages")

EN = """
A conversation is read by those who take part in it, and by nobody else: neither moderators nor
operators of this site can open one.

## Writing to somebody

*Messages*, then *New*. Name one person, or several. With one person you have one conversation,
which goes on wherever you begin it.

What you write is there for everybody in it at once. Under the three dots of a message you quote
it, or delete it when it is yours: at any time, for everybody. For ten seconds you can take that
back; then the words are destroyed. That there was a message stays visible.

## Who may write to you

Under *Settings*, *Messages*: nobody, your contacts (unless you say otherwise), people whom you
name besides, or all members. What strangers write waits apart, under *Requests*. Until you accept,
they can send one message, they are not told whether you have read it, and nothing of it counts as
unread. They are not told that you decline, either.

Whom you block cannot write to you, and does not read what you have written. Where you both take
part in a conversation of several people, you do not read each other.

## Several people

Anybody who takes part can add people. Whoever comes later reads what comes from then on, nothing
of what was written before. Who takes part is on the page *Who takes part, and more*.

When you leave, a line says so, and you read nothing of it any more. What you wrote stays with the
others unless you have it deleted when you leave. Where nobody takes part any more, everything is
destroyed.

*Mute*: nothing of it is counted or told. *Archive*: it is out of the list until something new
comes, or for good where it is muted too.

## How long messages are kept

For as long as nobody deletes them, unless all who take part agree on a time: a day, a week, a
month, a year. One proposes it, and it holds once everybody has agreed, for what is there already
too. At that moment each message is gone for everybody, and is destroyed.

## What was read

Nobody is told, unless both have ticked it in their settings.

## Reporting

Whoever receives a message can report it, and chooses which others to show with it. Moderators are
shown exactly these, in the words that this site has kept, so that nobody can invent any. They see
nothing else of the conversation.
"""

FR = """
Une conversation est lue par ceux qui y participent, et par personne d’autre : ni les modérateurs
ni les opérateurs du site ne peuvent l’ouvrir.

## Écrire à quelqu’un

*Messages*, puis *Nouvelle*. Nommez une personne ou plusieurs. Avec une personne, vous avez une
seule conversation, qui continue où que vous la commenciez.

Ce que vous écrivez est là aussitôt pour tous. Sous les trois points d’un message, vous le citez,
ou le supprimez s’il est de vous : à tout moment, chez tous. Pendant dix secondes, vous pouvez
revenir en arrière ; ensuite, les mots sont détruits. Qu’il y a eu un message reste visible.

## Qui peut vous écrire

Dans *Réglages*, *Messages* : personne, vos contacts (si vous ne dites rien d’autre), des personnes
que vous nommez en plus, ou tous les membres. Ce qu’écrivent des inconnus attend à part, sous
*Demandes*. Avant que vous acceptiez, ils peuvent envoyer un message, ils ne savent pas si vous
l’avez lu, et rien n’en compte comme non lu. Ils ne savent pas non plus que vous refusez.

Qui vous bloquez ne peut pas vous écrire, et ne lit pas ce que vous avez écrit. Si vous participez
tous deux à une conversation à plusieurs, vous ne vous lisez pas.

## À plusieurs

Chaque participant peut ajouter des personnes. Qui arrive plus tard lit ce qui vient ensuite, rien
de ce qui a été écrit avant. La page *Qui participe, et plus* montre qui est là.

Quand vous partez, une ligne le dit, et vous n’en lisez plus rien. Ce que vous avez écrit reste
chez les autres, sauf si vous le faites supprimer en partant. Quand plus personne ne participe,
tout est détruit.

*Muet* : rien n’en est compté ni annoncé. *Archiver* : la conversation sort de la liste jusqu’à ce
que quelque chose arrive, ou pour de bon si elle est muette aussi.

## Combien de temps les messages sont gardés

Tant que personne ne les supprime, sauf si tous les participants conviennent d’une durée : un jour,
une semaine, un mois, un an. L’un la propose, et elle vaut dès que tous sont d’accord, aussi pour
ce qui est déjà là. À ce moment, chaque message disparaît chez tous, et il est détruit.

## Ce qui a été lu

Personne ne le sait, sauf si les deux l’ont coché dans leurs réglages.

## Signaler

Qui reçoit un message peut le signaler, et choisit lesquels montrer avec. Les modérateurs voient
exactement ceux-là, dans les mots que le site a gardés : personne ne peut en inventer. Ils ne
voient rien d’autre de la conversation.
"""

PAGES = [HelpPage("messages", _("Private messages"), {"en": EN, "fr": FR})]
