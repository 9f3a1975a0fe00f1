"""The page of help about articles."""

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HelpPage

_ = TranslationStringFactory("communicate_articles")

ENGLISH = """\
An article is a longer text of yours, at an address of its own under your name. You choose who
reads it: only you at first, then whom you like, up to everyone.

## Write
Under *Articles*, choose **Write an article**. The preview follows what you type; without
JavaScript, *Preview* shows it. *Save the draft* keeps it for you alone. Under *My drafts* you
find all that you have begun. Besides what every text here can do,

- `## Words` begin a part; from three parts on, readers see them listed beside the article
- `[^1]` refers to a footnote; a line `[^1]: Words` says what it holds
- between two lines of three backticks, the first with the name of a language, such as `python`,
  code is shown in colours

Pictures and files are added by button, by pasting or by dropping them into the text. Pictures are
made anew, so that they tell nothing but what they show. Once the draft is saved, one of them can
be the **cover**. Who may read the article may see them; those of a draft, only you.

## Publish
**Go on to publish** asks who may read it, and when: now, or at an hour to come. Until then only
you see it, as *scheduled*; you can change it, or hold it back. When it comes out, you are told.

## Change
What you change in an article that is out is a draft beside it. Readers see what they saw until
you **publish the changes**. The badge beside your name on its page changes at any time who may
read it: what becomes narrower does so at once, with its comments and in every list.

## Former versions
Each time you publish other words, what they replace is kept for you alone, for as long as its
page says, then destroyed. You can compare, restore, and erase one or all of them at any time.

## Translations
Write the other language as an article of its own, say in each which language it is in, and link
them under **Translations**. Readers of one are led to the other, where they may read it.

## Follow, and take along
*Articles* lists what you may read; tags, authors, languages and months narrow it. Each list has a
feed of what everyone may read. Under **Settings, Articles** you make a private feed, which shows
what you may read, and download your articles as Markdown files, or bring such files in.

## Delete
*Delete* hides an article at once, everywhere. For ten seconds *Undo* brings it back; then it is
destroyed with its pictures, its former versions and its comments.
"""

FRENCH = """\
Un article est un texte plus long, à une adresse à lui sous votre nom. Vous choisissez qui le
lit\u00a0: d’abord vous seul, puis qui vous voulez, jusqu’à tout le monde.

## Écrire
Dans *Articles*, choisissez **Écrire un article**. L’aperçu suit ce que vous tapez\u202f; sans
JavaScript, *Aperçu* le montre. *Garder le brouillon* le garde pour vous seul. *Mes brouillons*
rassemble tout ce que vous avez commencé. En plus de ce que tout texte sait faire ici,

- `## Mots` commence une partie\u202f; à partir de trois parties, les lecteurs en voient la liste
  à côté de l’article
- `[^1]` renvoie à une note\u202f; une ligne `[^1]: Mots` dit ce qu’elle contient
- entre deux lignes de trois accents graves, la première suivie du nom d’un langage, par exemple
  `python`, le code apparaît en couleurs

Images et fichiers s’ajoutent par le bouton, en les collant ou en les déposant dans le texte. Les
images sont refaites, pour ne rien dire d’autre que ce qu’elles montrent. Une fois le brouillon
gardé, l’une d’elles peut être la **couverture**. Qui peut lire l’article peut les voir\u202f;
celles d’un brouillon, vous seul.

## Publier
**Passer à la publication** demande qui peut le lire, et quand\u00a0: maintenant, ou à une heure à
venir. D’ici là, vous seul le voyez, comme *programmé*\u202f; vous pouvez le modifier, ou le
retenir. Quand il paraît, vous en êtes prévenu.

## Modifier
Ce que vous modifiez dans un article publié est un brouillon à côté de lui. Les lecteurs voient la
même chose qu’avant jusqu’à ce que vous choisissiez **Publier les modifications**. Sur sa page, le
badge à côté de votre nom change à tout moment qui peut le lire\u00a0: ce qui se restreint se
restreint aussitôt, avec ses commentaires et dans toutes les listes.

## Anciennes versions
Chaque fois que vous publiez d’autres mots, ceux qu’ils remplacent sont gardés pour vous seul,
aussi longtemps que le dit leur page, puis détruits. Vous pouvez les comparer, les rétablir, et en
effacer une ou toutes à tout moment.

## Traductions
Écrivez l’autre langue comme un article à part, indiquez dans chacun sa langue, et reliez-les dans
**Traductions**. Les lecteurs de l’un sont menés à l’autre, s’ils peuvent le lire.

## Suivre, et emporter
*Articles* montre ce que vous pouvez lire\u202f; étiquettes, auteurs, langues et mois filtrent la
liste. Chaque liste a un flux de ce que tout le monde peut lire. Dans **Réglages, Articles**, vous
créez un flux privé, qui montre ce que vous pouvez lire, et vous téléchargez vos articles en
fichiers Markdown, ou en importez.

## Supprimer
*Supprimer* cache un article aussitôt, partout. Pendant dix secondes, *Annuler* le rétablit\u202f;
puis il est détruit avec ses images, ses anciennes versions et ses commentaires.
"""

PAGES = (HelpPage("articles", _("Articles"), {"en": ENGLISH, "fr": FRENCH}),)
