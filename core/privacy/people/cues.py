"""What stands beside a name: titles, the words with which one says a name, and those that speak to somebody."""

import re

from core.privacy.clues import Pieces, Words
from core.privacy.plain import caseless, for_caseless, lowered

_TITLES_TEXT = """
    mr mrs ms mx miss dr prof professor doctor sir madam herr herrn frau monsieur madame mme mlle señor señora sr sra
    srta dña doña signor signora sig dott dottoressa senhor senhora meneer mevrouw dhr mevr pan pani rouva fru sayın
    shri smt rev reverend pastor rabbi imam capt captain sgt sergeant lt lieutenant inspector detective ustad ustadh
    kuya alhaji alhaja
"""
_TITLES = "|".join(_TITLES_TEXT.split())
_TITLED = Words(_TITLES_TEXT.split())
_TITLE = for_caseless(rf"(?<![^\W_])(?:{_TITLES})\.?[ \t\u00a0]{{1,2}}$")
_LANDFORM = for_caseless(
    r"(?<![^\W_])(?:hotel|restaurant|café|mount|mt\.?|lake|river|cape|port|fort|san|santa|são|saint|st\.?|"
    r"the)[ \t]{1,2}$"
)
_MY_NAME = (
    r"my (?:full )?name(?:'s|’s| is)|name is|i(?:'m|’m| am) called|call(?:s|ed)? me|people call me|mein name ist|"
    r"ich heiße|ich heisse|je m['’]appelle|mon nom est|me llamo|mi nombre es|se llama|mi chiamo|il mio nome è|"
    r"chamo-me|meu nome é|ik heet|mijn naam is|jag heter|mitt namn är|jeg heter|jeg hedder|mit navn er|mitt navn er|"
    r"nimeni on|nimi on|nazywam się|mam na imię|jmenuji se|mé jméno je|volám sa|a nevem|hívnak|mă numesc|numele meu e|"
    r"zovem se|ime mi je|moje ime je|mano vardas|mani sauc|mana vārds ir|adım|benim adım|nafnið mitt er|ég heiti|"
    r"is mise|emri im është|nama saya|jina langu ni|orúkọ mi ni|oruko mi ni|tôi là|tên tôi là|tên tôi|ako(?: po)? si|"
    r"ang pangalan ko ay|pangalan ko|fi enw i yw|igama lami ngu"
)
# A word of each of these, and of “named”.
_NAMING = Pieces("""
    name,called,call me,calls me,heiße,heisse,appelle,nom est,llamo,llama,nombre,chiamo,nome,chamo,heet,naam,heter,
    namn,hedder,navn,nimeni,nimi on,nazywam,imię,jmenuji,jméno,volám,nevem,hívnak,numesc,numele,zovem,ime mi,ime je,
    vardas,mani sauc,vārds,adım,adim,nafnið,heiti,mise,emri,nama saya,jina,orúkọ,oruko,tôi,ako si,ako po si,pangalan,
    enw i,igama
""")
_RELATION = (
    r"mother|mom|mum|father|dad|wife|husband|sister|brother|daughter|son|girlfriend|boyfriend|gf|bf|partner|friend|"
    r"colleague|boss|neighbou?r|manager|landlord|tenant|doctor|teacher|nurse|uncle|aunt|cousin|nephew|niece|grandma|"
    r"grandpa|tochter|sohn|bruder|schwester|mutter|vater|mann|frau|chef|chefin|nachbar(?:in)?|freund(?:in)?|"
    r"kolleg(?:e|in)|fille|fils|frère|sœur|mari|femme|hij[ao]|herman[ao]|espos[ao]|marido|madre|padre|figli[ao]|"
    r"moglie|marito|filh[ao]|irmão|irmã|zoon|dochter|broer|zus|buurman|sønn|søn|datter(?:en)?|dotter|córka|syn|żona|"
    r"mąż|soția|soțul|férjem|feleségem|coworker|co-worker|roommate|flatmate|housemate|classmate|supervisor|therapist|"
    r"lawyer|attorney|accountant|plumber|electrician|midwife|babysitter|nanny|coach|trainer|officer|agent|clerk|"
    r"witness|defendant|plaintiff|suspect|customer|client|patient|tenant|applicant|candidate|beneficiary|passenger|"
    r"policyholder|donor|caller|resident|student|pupil|intern|assistant|technician|driver|courier|ex|godson|fiancée?|"
    r"tante|onkel|oma|opa|neffe|nichte|kund(?:e|in|en)|patient(?:in|en)|mandant(?:in|en)|sachbearbeiter(?:in)?|"
    r"mitarbeiter(?:in)?|mieter(?:in)?|zeug(?:e|in)|collègue|voisine?|cousine|copine|copain|cliente?|patiente|"
    r"locataire|soussignée?|oncle|neveu|nièce|vecin[ao]|compañer[ao]|prim[ao]|tí[ao]|amig[ao]|client[ea]|abuel[ao]|"
    r"paciente|inquilin[ao]|jef[ea]|colleg(?:a|hi)|amic[ao]|zi[ao]|cugin[ao]|vicin[ao]|nonn[ao]|paziente|"
    r"sottoscritt[ao]|colega|chefe|vizinh[ao]|tio|tia|avó|collega|klant|huurder|buurvrouw|vriend(?:in)?|"
    r"koleżanka|kolega|sąsiad(?:ka)?|klient(?:ka)?|pacjent(?:ka)?|siostra|brat|podpisan[ya]|syster|kompis|granne|"
    r"kund|søster|bror|nabo|müşteri|hasta|arkadaşım|kardeşim|komşum|kolegyně|sestra|soused(?:ka)?|barátom|kollégám"
)
_FIELD = (
    r"name|nom|nombre|nome|naam|namn|navn|nazwisko|imię|jméno|név|nume|ime|surname|vorname|nachname|first name|"
    r"last name|given name|full name|customer|patient|client|employee|contact|attn|cc|from|to|author|signature|signed|"
    r"owner|holder|beneficiary|recipient|sender|witness|passenger|guest|candidate|assigned_to|assignee|reporter|hi|"
    r"hello|hey|dear|lieber?|cher|chère|hola|caro|cara|olá|hej|beste|regards|sincerely|thanks|cheers|grüße|gruß|"
    r"cordialement|saludos|saluti|groet(?:en)?|i(?:'m|’m| am)|this is|named|ik ben|attendees?|present|participants?|"
    r"apologies|absent|guests?|members?|reviewers?|approvers?|speakers?|team|assigned to|payee|payer|tenants?|"
    r"ansprechpartner(?:in)?|teilnehmer|anwesend|présents|asistentes|presenti|aanwezig|obecni"
)
# Verbs and prepositions with a person behind them, and what one says to a person.
_SPOKEN = (
    r"(?:ask|tell|ping|remind|email|text|message|msg|call|contact|met|meet|spoke|spoken|talk|talked|speak|chatted|"
    r"told|asked|mean|meant|drop|pick up|dis à|dile a|fala com|sabi ni|sag|invited?|hired|reassign|marry|married|"
    r"per|cc|fwd|via|according to|parlé|hablé|parlato|falei|"
    r"rozmawiał[ae]m|konuştum|gesproken|gesprochen|schrieb|virement|überweisung|booking|reservation)"
    r"(?: (?:to|with|avec|con|com|z|from|de|an|for|under))?[ \t]{1,2}"
)
_BESIDE = r"(?:from|by|with|between|and|mit|avec|con|com|z|ze|met|med|si|ni|kay|od|von|an|de|add|remove|re)[ \t]{1,2}"
_SAID_TO = (
    r"(?:ok|okay|sorry|no|yes|yeah|yep|nope|thx|ty|thanks|bye|congrats|congratulations|happy birthday|rip|good night|"
    r"good morning|love you|miss you|welcome|please|so|oh|well|yo|hiya|sup|it['’]?s|danke|merci|gracias|grazie|"
    r"obrigad[oa]|dzięki|tack|szia|merhaba|xin chào|chào|ahoj|servus|hallo)[,!]?[ \t]{1,2}"
)
_SPOKEN_TO = for_caseless(rf"(?<![^\W_])(?:{_SPOKEN}|{_SAID_TO})$|(?<![\w@.])@$")
_BEHIND_PREPOSITION = for_caseless(rf"(?<![^\W_]){_BESIDE}$")
_STARTS = re.compile(r"(?:^|[\n\"“„«>]|[.!?] )[ \t]{0,3}$")
_ADDRESSED = re.compile(
    r"(?:,[ \t](?:can|could|would|will|do|did|are|is|have|please|pls|thanks|thank|why|what|when|where|how|you|i|we|"
    r"it|the|your|my|come|let|don['’]?t|kannst|peux|puedes|puoi)\b|\?\?|\.\.\.|[ \t](?:here|pls|plz|please|btw|"
    r"lol|said|says|wrote|replied|asked|told|called|thinks|works|lives|et al)\b)",
    re.IGNORECASE,
)
# “Alice’s Adventures”, “Murphy’s Law”: the name is part of the name of a work or a thing.
_WORK = re.compile(r"['’]s[ \t]\"?(?=[A-Z][a-z])")
_THING = re.compile(
    r"(?:['’]s)?[ \t](?:(?i:inc|corp|corporation|ltd|llc|plc|gmbh|company|group|foundation|institute|university|"
    r"college|school|museum|hospital|hotel|stadium|airport|bridge|prize|award|cup|theorem|theory|effect|cipher|algorithm|"
    r"equation|scattering|constant|distribution|disease|syndrome|genus|pizza|festival)|Park|Street|Road|Avenue|River|"
    r"Lake|Island|Islands|Valley|Mountains?|Cathedral|Tower|Palace|Beach|Forum|Senate|Empire)\b"
)
# “1. Malunion: if the bone …”, “- **Navratri** – a festival”
_LIST_ITEM = re.compile(r"(?:^|\n)[ \t]{0,6}(?:\d{1,3}[.)]|[-*•])[ \t]{1,3}[*_]{0,2}$")
_DEFINES = re.compile(r"[*_]{0,2}(?::[*_]{0,2}[ \t]|[ \t][-–—][ \t]|[ \t]\([^()\n]{2,40}\):?)")
_DOMAIN_ENDS = (".com", ".org", ".net", ".io", ".ai", ".app", ".dev")
_DOMAIN = re.compile(r"(?<![\w@.-])(?:www\.)?([\w-]{2,40})\.(?:com|org|net|io|ai|app|dev)\b", re.IGNORECASE)
_GAP = r"[\"'`*]{0,3}[ \t]?[,:;=-]?[ \t\r\n]{0,4}[\"'`*>]{0,3}$"
_SAYS_MY_NAME = for_caseless(rf"(?<![^\W_])(?:{_MY_NAME})[:,]?[ \t]{{1,2}}$")
_SAYS_NAME = for_caseless(rf"(?<![^\W_])(?:{_FIELD}){_GAP}")
_RELATED = for_caseless(rf"(?<![^\W_])(?:{_RELATION}),?[ \t]{{1,2}}$")
_NAMES_ITSELF = for_caseless(rf"(?<!\w)(?:{_MY_NAME})(?!\w)")
_INTRODUCES = for_caseless(rf"(?<!\w)(?:{_MY_NAME}|named|(?:{_TITLES})\.?[ \t]\w)")

# What people write to each other, and about each other, in contrast to what is written for all.
_PRIVATE = for_caseless(
    r"[\w.]@\w|^[ \t>]{0,4}(?:hi|hello|hey|yo|dear|hallo|hola|hej|bonjour|ciao|olá)\b(?=[ ,])|"
    r"(?<!\d)\+?\d{2,4}[ ()./-]{1,3}\d{2,4}[ /.-]?\d{2,5}|\b(?:regards|sincerely|cheers|"
    r"i live|lives (?:at|in)|works? (?:at|for)|(?:phone|tel|mobile|cell|fax|e-?mail|ssn|dob|address|date of birth|"
    r"passport|iban|account|invoice|order|customer|patient|client|employee|applicant|tenant|passenger|guest|user)"
    r"(?: ?(?:no|number|id|name))?\.?:|call me|contact|appointment|mr|mrs|ms|dr|herr|frau|señora?|madame|monsieur|"
    r"signora?)\b",
    re.MULTILINE,
)


def is_private(text: str) -> bool:
    """Whether a text looks like a letter, a form or a note about a person, where a name is likelier than elsewhere."""
    low = caseless(text)
    return bool(_PRIVATE.search(low) or (_NAMING.stand_in(lowered(text)) and _NAMES_ITSELF.search(low)))


def ends_with_title(before: str) -> bool:
    """Whether the text before a word ends with a form of address: “Mr. ”, “Frau ”."""
    return bool(_TITLE.search(caseless(before)))


def ends_with_landform(before: str) -> bool:
    """Whether the text before a word ends with what a place is named with: “Mount ”, “Lake ”, “San ”, “the ”."""
    return bool(_LANDFORM.search(caseless(before)))


def says_my_name(before: str) -> bool:
    """Whether the text before a word ends with “my name is ”, in one of many languages."""
    return bool(_SAYS_MY_NAME.search(caseless(before)))


def says_name(before: str) -> bool:
    """Whether the text before a word ends with what a name often follows: “Regards,”, `"name": "`."""
    return bool(_SAYS_NAME.search(caseless(before)))


def says_relation(before: str) -> bool:
    """Whether the text before a word ends with what somebody is to somebody: “wife ”, “Tochter ”, “mi hija ”."""
    return bool(_RELATED.search(caseless(before)))


def is_spoken_to(before: str, text: str, end: int) -> bool:
    """Whether a word that ends at `end` is one that somebody is called by: “ask ”, “Sorry …,”, “…, can you”."""
    return bool(_SPOKEN_TO.search(caseless(before)) or (_STARTS.search(before) and _ADDRESSED.match(text, end)))


def may_be_mentioned(before: str) -> bool:
    """Whether the text before a word ends with a preposition that often has a person behind it: “with ”, “von ”."""
    return bool(_BEHIND_PREPOSITION.search(caseless(before)))


def names_a_work(text: str, end: int) -> bool:
    """Whether a possessive and a capitalised word follow: “Alice’s Adventures”, “Murphy’s Law”."""
    return bool(_WORK.match(text, end))


def names_a_thing(text: str, end: int) -> bool:
    """Whether a word follows that makes a firm, a place or a law of the name: “Inc.”, “Park”, “scattering”."""
    return bool(_THING.match(text, end))


def is_a_term(before: str, text: str, end: int) -> bool:
    """Whether a word is one that an item of a list explains: “1. Malunion: …”."""
    return bool(_LIST_ITEM.search(before) and _DEFINES.match(text, end))


def domains(text: str) -> frozenset[str]:
    """The names of the sites that a text mentions, in lower case: of “coursera.org” it is “coursera”."""
    if "." not in text or not any(map(lowered(text).__contains__, _DOMAIN_ENDS)):
        return frozenset()
    return frozenset(name.lower() for name in _DOMAIN.findall(text))


def may_introduce(text: str) -> bool:
    """Whether `introduces` may say yes to some part of a text: a quick question that saves a slow one for each part."""
    low = lowered(text)
    return _TITLED.stand_in(low) or _NAMING.stand_in(low)


def introduces(text: str) -> bool:
    """Whether the words “my name is” or a title stand anywhere in a text."""
    return bool(_INTRODUCES.search(caseless(text)))
