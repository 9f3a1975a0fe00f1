"""The page of help about what can be set about mail."""

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HelpPage

_ = TranslationStringFactory("communicate_email")

EN = """
All of it is under *Settings of mail*, is yours alone, and is sealed as your mail is.

## Filters

What comes in is looked at by your filters, from the first to the last. One says which messages
it means (sender, recipient, subject, text, size, mailing list, any header), and what is done:
moved, copied, marked as read, starred, labelled, destroyed. *Try it* shows which of the last 50
messages of your inbox it would mean, before you save it. What is here already stays where it
is, unless you press *Go through my inbox*; what a filter would destroy goes to the trash then.
Changes can be taken back for some seconds.

Who knows Sieve (RFC 5228) can write a script instead. A filter that takes too many steps does
nothing, and its message comes in.

**No filter sends mail on to another address.** Whatever leaves this site is recorded, so that
you see what left and to whom. A filter that sends on would hand out, for months and unseen,
what others wrote to you in trust, and whoever gets hold of your account for a minute could set
one up. Send on what you want sent on, message by message.

## Away answer

It is on from day to day, by your time zone, goes to each sender once in so many days, to
everybody or to contacts only. Lists, robots, senders without an address and those that may be
forged get none. It is sent from the address that was written to, so that nobody learns another
one.

## Addresses

* Your *login* with a *+* and a word behind it comes in as well: nothing has to be set up.
* *Further addresses* are other names for the same mailbox.
* *Addresses to give away* are random, with a note for yourself and, if you like, a last day.
  You see how many messages came by each, write from them, and turn one off when too much comes.

What is turned off or over is refused while the sender is still connected. A name that somebody
had is never given to anybody else.

## Files of mail

*Bring mail*: mbox files, `.eml`, or a ZIP of those or of a Maildir, with folders, dates, marks and
labels. What is here already is left out. *Take mail home* makes an mbox of each folder, which
other programs read. Both go on while you do something else; a notice tells you when they end.
"""

FR = """
Tout cela est sous *Réglages du courrier*, n’est qu’à vous, et est scellé comme votre courrier.

## Filtres

Ce qui arrive passe par vos filtres, du premier au dernier. Un filtre dit quels messages il vise
(expéditeur, destinataire, objet, texte, taille, liste de diffusion, n’importe quel en-tête), et
ce qui est fait : déplacé, copié, marqué comme lu, une étoile, un libellé, détruit. *L’essayer*
montre lesquels des 50 derniers messages de votre boîte de réception il viserait, avant que vous
ne l’enregistriez. Ce qui est déjà là ne bouge pas, sauf si vous choisissez *Parcourir ma boîte de
réception* ; ce qu’un filtre détruirait va alors à la corbeille. Pendant quelques secondes, vous
pouvez revenir sur un changement.

Qui connaît Sieve (RFC 5228) peut écrire un script. Un filtre qui demande trop d’étapes ne fait
rien, et son message arrive.

**Aucun filtre ne transfère le courrier à une autre adresse.** Tout ce qui quitte ce site est noté,
pour que vous voyiez ce qui est parti et à qui. Un filtre qui transfère livrerait, des mois durant
et sans être vu, ce que d’autres vous ont écrit en confiance, et quiconque tiendrait votre compte
une minute pourrait en poser un. Transférez ce que vous voulez transférer, message par message.

## Réponse d’absence

Elle est active d’un jour à l’autre, selon votre fuseau horaire, va à chaque expéditeur une fois en
tant de jours, à tous ou à vos contacts seulement. Les listes, les robots, les expéditeurs sans
adresse et ceux qui peuvent être faux n’en reçoivent pas. Elle part de l’adresse à laquelle on a
écrit, pour que personne n’en apprenne une autre.

## Adresses

* Votre *identifiant* suivi d’un *+* et d’un mot arrive aussi : il n’y a rien à régler.
* Les *autres adresses* sont d’autres noms pour la même boîte.
* Les *adresses jetables* sont tirées au hasard, avec une note pour vous et, si vous voulez, un
  dernier jour. Vous voyez combien de messages sont arrivés par chacune, écrivez depuis elles,
  et en désactivez une quand il en arrive trop.

Ce qui est désactivé ou échu est refusé pendant que l’expéditeur est encore connecté. Un nom que
quelqu’un a eu n’est jamais donné à quelqu’un d’autre.

## Fichiers de courrier

*Apporter du courrier* : des fichiers mbox, `.eml`, ou un ZIP de ceux-ci ou d’un Maildir, avec
dossiers, dates, marques et libellés. Ce qui est déjà ici est laissé de côté. *Emporter du
courrier* fait un mbox de chaque dossier, que d’autres logiciels lisent. Les deux continuent
pendant que vous faites autre chose ; une notification vous dit la fin.
"""

PAGE = HelpPage("mail-settings", _("Settings of mail"), {"en": EN, "fr": FR})
