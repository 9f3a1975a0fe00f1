"""The page of help about mail."""

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HelpPage

_ = TranslationStringFactory("communicate_email")

EN = """
Your mailbox is read by you, and by nobody else: neither moderators nor operators of this site
can open it. Your address is your login, at the domain of this site.

## Reading

*Mail* shows your inbox. What you have not read is in bold. A message stands beside the list on
a wide screen, and alone on a narrow one. Under the three dots of a message you print it, see it
as it came, or mark it as unread.

What you delete lies in the trash for some days, so that you can take it out again; what is
deleted there is destroyed. The page *What is held about me* says after how many days.

## Who a message is really from

Anybody can write any name above a message. So this site looks, as it comes in, whether the
domain that it names vouches for it, and says so in one line; unfold it for the details.

* *Sent by example.org: verified* – the message is from there, and as it was sent. Whether what
  it says is true is another question.
* *We could not verify…* – it may be genuine all the same: not every site says how its mail is
  recognised. Do not open what is attached, and do not write down passwords where its links
  lead.
* *Written by a member of this site* – that member had signed in. Nobody else can make this line
  appear.
* *Not taken in by this site* – you brought the message along from elsewhere, or a program put
  it here: nobody here has looked at it.

Warnings stand above a message where answers would go elsewhere than to its sender, where a
sender bears the name of somebody whom you know but another address, or where a domain looks
like one that you know.

## Pictures and links

Messages can hold pictures that lie on machines of their senders. Who loads them tells the
sender when and from where they read. So they wait until you ask for them: for this message, or
always for this sender, where it is verified who that is. Under *Settings of mail*, *Pictures
from elsewhere* you take that back. No other party is asked for them.

Messages run no programs here. A link shows its address when you point at it or reach it with
the keyboard, and where its words name another site, the one that it leads to stands beside it.

## Writing

Say to whom; members of this site by their login. What goes to members never leaves this site.
For some seconds after sending you can take a message back. What you have not finished is kept
as a draft, with its files; *Keep among the drafts* makes room for another one.

Files go out as they are. What is large goes better as a link: to a file of your disk, until the
day that you choose. Whoever has the link can open it, until you end it.

A message can be formatted: you write it in Markdown, and it goes out as simple HTML beside the
text. In *Names and signatures* you set, for each of your addresses, what you are called and how
your messages end. An answer comes from the address that was written to.

Nothing is added to what you write: no advertising, no footer, nothing that would tell you
whether it was read.

## Order

Folders, labels and stars are yours to make. Filters sort what comes in: under *Settings of
mail*, or under the three dots of a message, *Filter messages like this*.

A press of the star beside a message stars it; *Starred* lists what is starred, whatever folder it
lies in, and so does each label. The sign above a list turns it into conversations, with your own
replies, and back. Tick *All on this page* to act on many, or on the whole folder. What you did
last can be taken back for some seconds. *Keys* lists what the keyboard does; in the settings of
your account you turn that off.

Tell what is junk with *This is junk*, and what is not with *This is no junk*. Where this site
has a junk filter, it learns from that.

## People who bother you

Under the three dots of a message from a member you block that member, who is not told, or
report the message: moderators are shown its subject and its text, as this site delivered them,
and nothing else of your mail. What comes from elsewhere goes *always to the junk* from a sender
whom you name.

## Other programs

Under *Settings of mail*, *Set up your mail program*, you see what a mail program of your own asks
for. It gets an app password, and never needs your own.
"""

FR = """
Votre boîte aux lettres est lue par vous, et par personne d’autre : ni les modérateurs ni les
opérateurs du site ne peuvent l’ouvrir. Votre adresse est votre identifiant, au domaine de ce
site.

## Lire

*Courrier* montre votre boîte de réception. Ce que vous n’avez pas lu est en gras. Sur un écran
large, un message s’ouvre à côté de la liste ; sur un écran étroit, seul. Sous les trois points
d’un message, vous l’imprimez, le voyez tel qu’il est arrivé, ou le marquez comme non lu.

Ce que vous supprimez reste quelques jours dans la corbeille, d’où vous pouvez le reprendre ; ce
qui y est supprimé est détruit. La page *Ce que le site garde de moi* dit au bout de combien de
jours.

## De qui vient vraiment un message

N’importe qui peut écrire n’importe quel nom au-dessus d’un message. Ce site vérifie donc, à
l’arrivée, si le domaine nommé répond du message, et le dit en une ligne ; dépliez-la pour le
détail.

* *Envoyé par example.org : vérifié* – le message vient de là, tel qu’il a été envoyé. Que ce
  qu’il dit soit vrai est une autre question.
* *Rien ne prouve…* – il peut être authentique malgré tout : tous les sites ne disent pas
  comment reconnaître leur courrier. N’ouvrez pas ce qui y est joint, et n’écrivez aucun mot de
  passe là où mènent ses liens.
* *Écrit par un membre de ce site* – ce membre avait ouvert sa session. Personne d’autre ne peut
  faire apparaître cette ligne.
* *N’a pas été reçu par ce site* – vous avez apporté ce message d’ailleurs, ou un programme l’a
  déposé : personne ici ne l’a vérifié.

Un avertissement apparaît au-dessus d’un message quand les réponses iraient ailleurs que chez
son expéditeur, quand un expéditeur porte le nom de quelqu’un que vous connaissez mais une autre
adresse, ou quand un domaine ressemble à un autre que vous connaissez.

## Images et liens

Un message peut contenir des images qui se trouvent sur les machines de son expéditeur. Les
charger lui apprend quand vous lisez, et d’où. Elles attendent donc que vous les demandiez :
pour ce message, ou toujours pour cet expéditeur, s’il est vérifié que c’est lui. Dans *Réglages
du courrier*, *Images venues d’ailleurs*, vous revenez sur ce choix. Elles ne sont demandées à
personne d’autre.

Les messages n’exécutent ici aucun programme. Un lien montre son adresse quand vous le pointez
ou l’atteignez au clavier ; quand ses mots nomment un autre site, celui où il mène est écrit à
côté.

## Écrire

Dites à qui ; les membres de ce site, par leur identifiant. Ce qui va à des membres ne quitte
jamais ce site. Pendant quelques secondes après l’envoi, vous pouvez reprendre un message. Ce
que vous n’avez pas fini est gardé comme brouillon, avec ses fichiers ; *Garder parmi les
brouillons* fait de la place pour un autre.

Les fichiers partent tels quels. Ce qui est lourd part mieux en lien : vers un fichier de votre
disque, jusqu’au jour que vous choisissez. Quiconque a le lien peut l’ouvrir, jusqu’à ce que vous
y mettiez fin.

Un message peut être mis en forme : vous l’écrivez en Markdown, et il part en HTML simple à côté
du texte. Dans *Noms et signatures*, vous dites, pour chacune de vos adresses, comment vous vous
appelez et comment finissent vos messages. Une réponse part de l’adresse à laquelle on a écrit.

Rien n’est ajouté à ce que vous écrivez : ni publicité, ni pied de page, ni rien qui vous dirait
s’il a été lu.

## Ranger

Dossiers, étiquettes et étoiles sont à vous. Les filtres trient ce qui arrive : dans *Réglages
du courrier*, ou sous les trois points d’un message, *Filtrer les messages de ce genre*.

L’étoile à côté d’un message le suit ; *Suivi* montre tout ce que vous suivez, quel qu’en soit le
dossier, et chaque étiquette fait de même. Le signe au-dessus d’une liste la transforme en
conversations, avec vos propres réponses, et inversement. Cochez *Toute la page* pour agir sur
plusieurs messages, ou sur tout le dossier. Pendant quelques secondes, vous pouvez revenir sur
votre dernière action. *Raccourcis clavier* montre ce que fait le clavier ; dans les réglages
de votre compte, vous le désactivez.

Dites ce qui est indésirable avec *C’est indésirable*, et ce qui ne l’est pas avec *Ce n’est pas
indésirable*. Si ce site a un filtre anti-indésirables, il apprend ainsi.

## Qui vous importune

Sous les trois points d’un message écrit par un membre, vous bloquez ce membre, qui n’en sait
rien, ou vous signalez le message : les modérateurs en voient l’objet et le texte, tels que ce
site les a distribués, et rien d’autre de votre courrier. Ce qui vient d’ailleurs va *toujours
aux indésirables* pour un expéditeur que vous désignez.

## Autres programmes

Dans *Réglages du courrier*, *Configurer votre logiciel de messagerie*, vous voyez ce que demande
un logiciel à vous. Il reçoit un mot de passe d’application, et n’a jamais besoin du vôtre.
"""

PAGES = [HelpPage("mail", _("Mail"), {"en": EN, "fr": FR})]
