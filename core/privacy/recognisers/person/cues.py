"""The words beside names, as patterns that end where the name begins, each with the words to look for first.

A pattern is slow and a set of words is quick: it runs only over texts that hold one of its words, in lower case. Those
in which case means nothing are written in lower case, for a text made so by `caseless`.
"""

import re

from core.privacy.clues import Starts
from core.privacy.plain import for_caseless

_TITLE_WORDS = """
    mr mrs ms mx miss prof professor doctor dr drs dra herr herrn frau dhr mevr mw meneer mevrouw mme mlle monsieur
    madame señor señora señorita srta sr sra sig signor signora signorina dott dottoressa senhor senhora rouva hr sir
    reverend rev captain capt sgt judge justice father sister doña pana panem panu panią pani panie nurse officer
    pastor rabbi imam coach inspector detective sergeant lieutenant sayın shri smt
"""
TITLE_WORDS = frozenset(_TITLE_WORDS.split())
# In lower case these are other words; where one of them stands so, the pattern is tried as well.
WRITTEN_TITLES = re.compile("M\\. |Fr\\. |Don |Hon\\. |Ing\\. |Lt|Pan |pan ")
_SHORT_TITLE = (
    r"(?:[Hh]r|(?i:mr|mrs|mx|prof|dhr|mevr|mme|mlle|dott|srta)|Ms|ms|MS(?=\.? [^\W\d_]{4})|Sgt|Lt|Rev|Capt|Hon|Mw|Ing|"
    r"Dra?|"
    r"Drs|DR|dr(?=\.? [^\W\d_]{3})|M(?=\. )|Fr(?=\. )|Sra?|SRA?|sra(?=\. )|Sig|sig(?=\. ))\.?"
)
_LONG_TITLE = (
    r"(?:(?i:professor|doctor|herrn?|frau|mevrouw|meneer|monsieur|madame|señora?|señorita|signora?|signorina|"
    r"dottoressa|"
    r"senhora?|rouva|miss|sayın|shri)|Smt\.?|Sir|Reverend|Captain|Judge|Justice|Father|Sister|Don|Doña|Nurse|Officer|"
    r"Pastor|Rabbi|Imam|Coach|Inspector|Detective|Sergeant|Lieutenant|"
    r"[Pp]an(?:a|em|u|i|ią|ie)?(?= [^\W\d_]{2,20}(?:sk|ck|dzk)(?:i|a|iego|iej|im|ą|iemu)(?!\w))|"
    r"Pan[iu]?(?= [^\W\d_]+ [A-Z]))"
)
TITLE = re.compile(rf"(?<![^\W_])(?:{_SHORT_TITLE}|(?P<long>{_LONG_TITLE}))[ \u00a0](?=[^\W\d_])")

_SAID_WORDS = """
    name surname names called named heiße heisse appelle nom nombre llamo chiamo nome chamo heet naam heter namn
    hedder navn navnet nazywam imię jmenuji зовут nimeni nama jina orúkọ oruko tên tôi ako pangalan adım numele numesc
    hívnak ime zovem
"""
SAID_WORDS = frozenset(_SAID_WORDS.split())
SAID = for_caseless(
    r"(?<!\w)(?:(?:my|his|her|their|customer|patient|client)(?:['’]s)? "
    r"(?:full |first |last |middle |given |legal |real |maiden |family )?(?:sur)?name(?:['’]s| is| was|:)(?: now|"
    r" still)?:?|"
    r"(?P<called>(?:i am|i['’]m|is|was|are|were|(?:a|an|the) \w{2,12}) (?:called|named))|the name(?:['’]s| is)|"
    r"what['’]?s (?:your|the) (?:full |first |last )?name(?: on [^\n?]{2,30})?\?\s{1,3}(?:\w{2,12}: )?(?:it['’]s |"
    r"it is )?|"
    r"ich hei(?:ß|ss)e|mein name (?:ist|lautet)|je m['’ ]?appelle|mon nom (?:est|:)|mi nombre (?:completo )?es|"
    r"me llamo|"
    r"mi chiamo|il mio nome è|(?:eu )?me chamo|chamo-me|(?:o )?meu nome é|ik heet|mijn naam is|jag heter|mitt namn är|"
    r"jeg heter|jeg hedder|mit navn er|navnet mitt er|nazywam się|mam na imię|jmenuji se|меня зовут|nimeni on|"
    r"nama saya(?: adalah)?|jina langu ni|or[úu]k[ọo] mi ni|tên tôi là|tôi tên là|tôi là|ako(?: po)? si|"
    r"(?:ang )?pangalan ko (?:ay|po ay)|benim adım|adım|numele meu (?:este|e)|mă numesc|zovem se|(?:moje )?ime mi je)"
    r"\s{0,2}(?<=[\s?])[\"'“*]{0,2}",
)

_SELF_WORDS = """
    am m im this speaking bin hier suis soy sono sou ben är jeg jestem spoke speak talk met behalf signed written
    prepared reported submitted reviewed approved assigned addressed attention contact ask attn opened closed
"""
SELF_WORDS = frozenset(_SELF_WORDS.split())
SELF = for_caseless(
    r"(?<![\w'’])(?:i am|i['’]m|im|this is|i was speaking (?:to|with)|ich bin|hier (?:ist|spricht)|je suis|(?:yo )?soy|"
    r"(?:io )?sono|(?:eu )?sou|ik ben|jag är|jeg er|jestem|(?:spoke|speak|talk) (?:to|with)|met with|on behalf of|"
    r"(?:signed|written|prepared|reported|submitted|reviewed|approved|opened|closed) by|assigned to|addressed to|"
    r"attention of|"
    r"contact|"
    r"ask for|c/o|attn:?|attention:?) ",
)
# What it begins with: searched for first, as the pattern takes longer for each place than they for the whole text.
SELF_STARTS = Starts("""
    i am ,i'm ,i’m ,im ,this is ,i was speaking ,ich bin ,hier ,je suis ,yo soy ,soy ,io sono ,sono ,eu sou ,sou ,
    ik ben ,jag är ,jeg er ,jestem ,spoke ,speak ,talk ,met with ,on behalf of ,signed by,written by,prepared by,
    reported by,submitted by,reviewed by,approved by,opened by,closed by,assigned to,addressed to,attention,contact ,
    ask for ,c/o ,attn
""")

_KIN = (
    r"wife|husband|son|daughter|brother|sister|mother|father|mom|mum|dad|friend|boyfriend|girlfriend|partner|"
    r"fianc[ée]e?|"
    r"cousin|uncle|aunt|nephew|niece|grandson|granddaughter|grandma|grandpa|grandmother|grandfather|kid|child|baby|"
    r"colleague|coworker|co-worker|boss|manager|supervisor|neighbou?r|roommate|landlord|tenant|doctor|therapist|lawyer|"
    r"accountant|client|patient|student|teacher|assistant|nanny|babysitter"
)
_KIN_WORDS = "my our his her your their mein meine meinem meinen meiner unser unsere mi mon ma mia meu minha"
KIN_WORDS = frozenset(_KIN_WORDS.split())
KIN = for_caseless(
    rf"(?<!\w)(?:(?:my|our|his|her|your|their) (?:\w{{1,10}} )?(?:{_KIN}),? (?:is (?:named|called) |named |called )?|"
    r"(?:meine?[mnr]?|unsere?[mnr]?) (?:mann|frau|sohn|tochter|bruder|schwester|mutter|vater|freund(?:in)?|chef(?:in)?|"
    r"kolleg(?:e|in)|nachbar(?:in)?) |(?:mi|mon|ma|mia?|il mio|la mia|meu|minha) (?:esposa|marido|hij[oa]|herman[oa]|"
    r"madre|padre|amig[oa]|jef[ea]|mari|femme|fils|fille|frère|sœur|mère|père|amie?|moglie|marito|figli[oa]|fratello|"
    r"sorella|filh[oa]|irmão|irmã|mãe|pai) )",
)
KIN_STARTS = Starts("""
    my ,our ,his ,her ,your ,their ,mein,unser,mi ,mon ,ma ,mia ,il mio ,la mia ,meu ,minha
""")

FORM_SIGNS = re.compile("[:=|]")
FORM_STARTS = re.compile(r"[\n|;>*({\[,]")  # or where the text begins
_SURE_FIELD = (
    r"(?:full|first|last|middle|given|family|legal|maiden|patient|customer|client|employee|contact|applicant|candidate|"
    r"cardholder|account holder|guest|passenger|student|parent|tenant|user|"
    r"emergency contact)(?:['’]s)?[ _]?(?:sur)?name|"
    r"surname|name of (?:the )?(?:account holder|patient|customer|client|applicant|employee|guest|recruiter)|"
    r"name on (?:the )?(?:card|account)|name|nombre(?: completo| y apellidos?)?|apellidos?|"
    r"nom(?: et prénom| complet| de famille)?|prénom|vor(?:- und nach)?name|nachname|familienname|"
    r"nome(?: completo| e cognome)?|cognome|sobrenome|(?:voor|achter)?naam|imię(?: i nazwisko)?|nazwisko|"
    r"(?:för|efter|for|etter)?na[mv]n|jméno|příjmení|имя|фамилия|фио|cardholder|account holder|passenger|"
    r"patient(?:in)?|policy ?holder|applicant|insured|beneficiary|next of kin|emergency contact|attn|attention|"
    r"ansprechpartner(?:in)?|paciente|paziente|signed(?: by)?|assignee|assigned to|(?:reported|prepared|submitted|"
    r"reviewed) by"
)
_OTHER_FIELD = (
    r"customer|client|contact(?: person)?|employee|candidate|guest|student|teacher|tenant|landlord|witness|spouse|"
    r"mother|"
    r"father|owner|manager|supervisor|doctor|physician|nurse|lawyer|attorney|driver|sender|recipient|receiver|reporter|"
    r"author|by|from|to|cc|bcc|(?:billed|bill|ship|sold|deliver) to|kund(?:e|in)|absender|empfänger|an|von|de|para|"
    r"cliente|klant|klient(?:ka)?|naar|van|à|da|pour"
)
FORM = for_caseless(
    r"(?:^|(?<=[\n|;>*({\[,]))[ \t>*_#|\-•\d.)]{0,6}+"
    rf"(?:(?P<sure>{_SURE_FIELD})|{_OTHER_FIELD})"
    r"[ \t]{0,2}[*_\"'`]{0,2}[ \t]{0,12}[:=|][ \t]{0,12}[*_\"'`]{0,3}[ \t]{0,8}(?=[^\s\d])",
)

_OPENS = r"(?:(?m:^)|(?<=[.!?:>,] )|(?<=[\"“'‘>(\\n]))[ \t>*_]{0,4}"
_GREETING_WORDS = """
    dear hi hello hey morning afternoon evening greetings thanks thank welcome lieber liebe hallo guten moin servus
    cher chère bonjour salut coucou bonsoir hola estimado estimada querido querida buenos buenas ciao salve buongiorno
    buonasera gentile caro cara olá ola oi bom boa prezado prezada beste geachte hoi dag goedemorgen hej hei kära kære
    kjære cześć witaj drogi droga szanowny szanowna ahoj good yo hiya heya howdy szia merhaba selam chào namaste
    kumusta kamusta jambo halo
"""
GREETING_WORDS = frozenset(_GREETING_WORDS.split())
GREETING = for_caseless(
    _OPENS + r"(?P<word>dear|hi(?: there)?|hello|hey|good (?:morning|afternoon|evening|day)|greetings|thanks|thank you|"
    r"welcome|lieber?|hallo|guten (?:tag|morgen|abend)|moin|servus|cher|chère|bonjour|salut|coucou|bonsoir|hola|"
    r"estimad[oa]|querid[oa]|buen(?:os|as) (?:d[íi]as|tardes|noches)|ciao|salve|buongiorno|buonasera|gentile|car[oa]|"
    r"ol[áa]|oi|bom dia|boa (?:tarde|noite)|prezad[oa]|beste|geachte|hoi|dag|goedemorgen|hej|hei|kära|kære|kjære|cześć|"
    r"witaj|drog[ia]|szanown[ya]|ahoj|yo|hiya|heya|howdy|szia|merhaba|selam|xin chào|chào|namaste|k[ua]musta|jambo|"
    r"halo)(?: again| back)?,? ",
)

_SIGN_OFF_WORDS = """
    regards wishes best rgds kr br sincerely truly faithfully respectfully cordially cheers thanks thank love xoxo
    care warmly signed signature grüßen grüssen grüße grüsse gruß gruss lg mfg vg cordialement bien amicalement bisous
    salutations saludo saludos atentamente abrazo abrazos besos saluti abbraccio baci atenciosamente cumprimentos
    abraço abraços beijos groet groeten groetjes pozdrawiam poważaniem hälsning hälsningar hilsen mvh terveisin
    gratitude respect
"""
SIGN_OFF_WORDS = frozenset(_SIGN_OFF_WORDS.split())
SIGN_OFF = for_caseless(
    r"(?:(?m:^)|(?<=[.!?,] )|(?<=\\n))[ \t>*_]{0,4}"
    r"(?:(?:(?:best|kind|kindest|warm|warmest|many|with (?:kind|best|warm)) )?(?:regards|wishes)|best|rgds|kr|br|"
    r"(?:yours )?(?:very )?(?:sincerely|truly|faithfully|respectfully|cordially)(?: yours)?|cheers|"
    r"(?:many )?thanks(?: again| in advance| so much| a lot)?|thank you(?: so much| very much| in advance)?|"
    r"with (?:love|gratitude|respect)|love|xoxo|take care|warmly|all the best|signed|signature|"
    r"mit (?:freundlichen|besten|herzlichen|lieben) grü(?:ß|ss)en|(?:viele|liebe|beste|herzliche|schöne) grü(?:ß|ss)e|"
    r"gru(?:ß|ss)|lg|mfg|vg|(?:bien )?cordialement|bien à (?:vous|toi)|amicalement|bisous|sincères salutations|"
    r"(?:un )?(?:cordial(?:es)? )?saludos?(?: cordial(?:es)?)?|atentamente|un abrazo|abrazos|besos|"
    r"(?:(?:cordiali|distinti|cari) )?saluti|un abbraccio|baci|atenciosamente|cumprimentos|abraços?|beijos|"
    r"(?:met )?(?:vriendelijke |hartelijke )?groet(?:en|jes)?|pozdrawiam|z poważaniem|"
    r"(?:med )?(?:vänliga? |vennlig )?(?:hälsning(?:ar)?|hilsen)|mvh|terveisin)"
    r"[ \t]?[,.!:–—-]{0,2}[ \t]{0,3}(?P<gap>(?:(?:\r?\n|\\n)[\s>*_~–—-]{0,8})?)",
)

SIGNATURE_SIGNS = re.compile("-[ \n]|–|—|~")
SIGNATURE = re.compile(
    r"(?:^|\n)[ \t>]{0,4}(?:(?P<line>--[ \t]{0,2}\r?\n)|[-–—~]{1,2}[ \t]{0,2}(?=[^\n]{2,40}\s{0,3}$))(?=[^\W\d_])"
)
_FAMILY_WORDS = "family household twins brothers sisters kids familie fam famille familia famiglia família rodzina"
FAMILY_WORDS = frozenset(_FAMILY_WORDS.split())
FAMILY = re.compile(
    r"(?<!\w)(?:(?P<the>[Tt]he )(?=[^\W\d_]+(?:-[^\W\d_]+)? (?:family|household|twins|brothers|sisters|kids)\b)|"
    r"(?:[Ff]amilie|Fam\.|[Ff]amille|[Ff]amilia|[Ff]amiglia|[Ff]amília|[Rr]odzina) (?=[^\W\d_]))"
)
_BOOKED_WORDS = "under name namen nom nombre nome naam nazwisko booking reservation booked reserved appointment"
BOOKED_WORDS = frozenset(_BOOKED_WORDS.split())
BOOKED = for_caseless(
    r"(?<!\w)(?:(?:(?:booking|reservation|table|room|appointment|order|account|ticket|it)s? (?:is |was |booked |made |"
    r"reserved )?|booked |reserved |registered )under (?:the name (?:of )?)?|"
    r"(?P<weak>(?:booking|reservation|appointment|(?:is )?(?:booked|reserved)) for )|"
    r"(?:in|under) the name (?:of )?|auf den namen |au nom de |a nombre de |a nome di |em nome de |op naam van |"
    r"na nazwisko )",
)
_DECLARED_WORDS = "i ich je il la yo eu ja ben soussigné soussignée sottoscritto sottoscritta podpisany podpisana"
DECLARED_WORDS = frozenset(_DECLARED_WORDS.split())
DECLARED = re.compile(
    r"(?<![\w'’])(?:(?:I|Ich|ich|Yo|yo|Eu|eu|Ben),|[Jj]e soussignée?,?|[Ii]l sottoscritto|[Ll]a sottoscritta|"
    r"(?:niżej )?podpisan[ya],?|(?:el|la) (?:abajo )?firmante,?|o abaixo assinado,?|ondergetekende,?|"
    r"the undersigned,?) (?=[^\W\d_])"
)
