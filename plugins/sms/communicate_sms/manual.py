"""The page of help about text messages."""

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HelpPage

_ = TranslationStringFactory("communicate_sms")

EN = """
From here you write to telephones, and read what they answer.

A text message is not as private as a message within this site: it passes through an operator of
telephones, who can read and keep it, and it lies open on the telephone. What has to stay between
two people is better written under *Messages*.

## Your number first

Under *Settings*, *Text messages*, you add your number. A code comes to your telephone, and once
you have typed it in, the number is yours here. Before that you cannot send anything. You choose
who sees the number, and who may write to it without seeing it. At first, nobody does either.

## Writing

*Text messages*, then *New*. Write to a number, or to the login of a member. A number is shown to
you as it is understood, with its country, before anything is sent.

- **To a number.** The telephone shows the number of this site. The message begins with your
  login. The first one says how to stop: whoever answers STOP has nothing more from this site.
- **To a member.** It goes to the telephone of that member, if you may write to it. You do not see
  the number, unless it is shown to you, and yours is not told.

## How long a message may be

A message of the short alphabet of telephones has 160 characters. A longer one is sent as several
of 153, which the telephone puts together again. A single character that is not in that alphabet,
an emoji or an “œ”, leaves 70 of them, or 67. Under what you write stands what it takes, what it
costs the site where that is known, and how many you may still send today.

## Later

*Send it later* takes a day and an hour, in your time zone. Until then you can change the message,
or not send it at all.

## What became of it

*Sent*: the operator has it. *Delivered*: the telephone has it. *Did not arrive*: it will not.
*Nobody can tell whether it was sent*: the connection broke at that very moment. It is not sent
again by itself, since it would otherwise arrive twice.

## Answers

Whoever answers is found by the number. Where several members wrote to the same number in the last
weeks, an answer begins with the login of whom it is for; else nobody is given it.

## Deleting

You delete a message, or a conversation, at any time. It is gone at once; for ten seconds you can
take that back, then it is destroyed here. What has been sent stays on the telephone, and with the
operator.
"""

FR = """
D’ici, vous écrivez à des téléphones et lisez leurs réponses.

Un SMS n’est pas aussi privé qu’un message à l’intérieur de ce site : il passe par un opérateur de
téléphonie, qui peut le lire et le garder, et il reste ouvert sur le téléphone. Ce qui doit rester
entre deux personnes s’écrit mieux sous *Messages*.

## Votre numéro d’abord

Dans *Réglages*, *SMS*, vous ajoutez votre numéro. Un code arrive sur votre téléphone ; une fois
tapé ici, le numéro est à vous. Avant cela, vous ne pouvez rien envoyer. Vous choisissez qui voit
ce numéro, et qui peut y écrire sans le voir. Au début, personne.

## Écrire

*SMS*, puis *Nouveau*. Écrivez à un numéro, ou à l’identifiant d’un membre. Un numéro vous est
montré tel qu’il est compris, avec son pays, avant tout envoi.

- **À un numéro.** Le téléphone affiche le numéro de ce site. Le message commence par votre
  identifiant. Le premier dit comment arrêter : qui répond STOP ne reçoit plus rien de ce site.
- **À un membre.** Le message part vers le téléphone de ce membre, si vous pouvez lui écrire. Vous
  ne voyez pas son numéro, sauf s’il vous est montré, et le vôtre n’est pas dit.

## Combien de caractères

Un message dans l’alphabet court des téléphones a 160 caractères. Plus long, il part en plusieurs
parties de 153, que le téléphone rassemble. Un seul caractère hors de cet alphabet, un emoji ou un
« œ », n’en laisse que 70, ou 67. Sous ce que vous écrivez, vous voyez combien de SMS il faut, ce
que cela coûte au site quand on le sait, et combien vous pouvez encore en envoyer aujourd’hui.

## Plus tard

*Envoyer plus tard* prend un jour et une heure, dans votre fuseau horaire. D’ici là, vous pouvez
changer le message, ou ne pas l’envoyer du tout.

## Ce qu’il est devenu

*Envoyé* : l’opérateur l’a. *Remis* : le téléphone l’a. *Pas arrivé* : il n’arrivera pas. *Personne
ne sait s’il est parti* : la liaison s’est rompue à cet instant. Il n’est pas renvoyé tout seul :
il arriverait sinon deux fois.

## Les réponses

Une réponse trouve son chemin par le numéro. Si plusieurs membres ont écrit au même numéro ces
dernières semaines, elle commence par l’identifiant de la personne à qui elle est destinée ; sinon
personne ne la reçoit.

## Supprimer

Vous supprimez un message ou une conversation à tout moment. Il disparaît aussitôt ; pendant dix
secondes vous pouvez revenir en arrière, ensuite il est détruit ici. Ce qui a été envoyé reste sur
le téléphone, et chez l’opérateur.
"""

PAGES = [HelpPage("sms", _("Text messages"), {"en": EN, "fr": FR})]
