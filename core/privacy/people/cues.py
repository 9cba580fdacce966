"""What stands before a name: titles, and the words with which one says a name."""

import re

_TITLES = (
    "mr|mrs|ms|mx|miss|dr|prof|professor|doctor|sir|madam|herr|herrn|frau|monsieur|madame|mme|mlle|señora?|sra?|srta|"
    "dña|doña|signora?|signor|sig|dott|dottoressa|senhora?|meneer|mevrouw|dhr|mevr|pani?|rouva|fru"
)
_TITLE = re.compile(rf"(?<![^\W_])(?:{_TITLES})\.?[ \t\u00a0]{{1,2}}$", re.IGNORECASE)
_LANDFORM = re.compile(
    r"(?<![^\W_])(?:mount|mt\.?|lake|river|cape|port|fort|san|santa|são|saint|st\.?|the)[ \t]{1,2}$", re.IGNORECASE
)
_MY_NAME = (
    r"my (?:full )?name(?:'s|’s| is)|name is|i(?:'m|’m| am) called|call(?:s|ed)? me|people call me|mein name ist|"
    r"ich heiße|ich heisse|je m['’]appelle|mon nom est|me llamo|mi nombre es|se llama|mi chiamo|il mio nome è|"
    r"chamo-me|meu nome é|ik heet|mijn naam is|jag heter|mitt namn är|jeg heter|jeg hedder|mit navn er|mitt navn er|"
    r"nimeni on|nimi on|nazywam się|mam na imię|jmenuji se|mé jméno je|volám sa|a nevem|hívnak|mă numesc|numele meu e|"
    r"zovem se|ime mi je|moje ime je|mano vardas|mani sauc|mana vārds ir|adım|benim adım|nafnið mitt er|ég heiti|"
    r"is mise|emri im është"
)
_RELATION = (
    r"mother|mom|mum|father|dad|wife|husband|sister|brother|daughter|son|girlfriend|boyfriend|gf|bf|partner|friend|"
    r"colleague|boss|neighbou?r|manager|landlord|tenant|doctor|teacher|nurse|uncle|aunt|cousin|nephew|niece|grandma|"
    r"grandpa|tochter|sohn|bruder|schwester|mutter|vater|mann|frau|chef|chefin|nachbar(?:in)?|freund(?:in)?|"
    r"kolleg(?:e|in)|fille|fils|frère|sœur|mari|femme|hij[ao]|herman[ao]|espos[ao]|marido|madre|padre|figli[ao]|"
    r"moglie|marito|filh[ao]|irmão|irmã|zoon|dochter|broer|zus|buurman|sønn|søn|datter(?:en)?|dotter|córka|syn|żona|"
    r"mąż|soția|soțul|férjem|feleségem"
)
_FIELD = (
    r"name|nom|nombre|nome|naam|namn|navn|nazwisko|imię|jméno|név|nume|ime|surname|vorname|nachname|first name|"
    r"last name|given name|full name|customer|patient|client|employee|contact|attn|cc|from|to|author|signature|signed|"
    r"owner|holder|beneficiary|recipient|sender|witness|passenger|guest|candidate|assigned_to|assignee|reporter|hi|"
    r"hello|hey|dear|lieber?|cher|chère|hola|caro|cara|olá|hej|beste|regards|sincerely|thanks|cheers|grüße|gruß|"
    r"cordialement|saludos|saluti|groet(?:en)?|i(?:'m|’m| am)|this is|named|ik ben"
)
_GAP = r"[\"'`*]{0,3}[ \t]?[,:;=-]?[ \t\r\n]{0,4}[\"'`*>]{0,3}$"
_SAYS_MY_NAME = re.compile(rf"(?<![^\W_])(?:{_MY_NAME})[:,]?[ \t]{{1,2}}$", re.IGNORECASE)
_SAYS_NAME = re.compile(rf"(?<![^\W_])(?:{_FIELD}){_GAP}", re.IGNORECASE)
_RELATED = re.compile(rf"(?<![^\W_])(?:{_RELATION}),?[ \t]{{1,2}}$", re.IGNORECASE)
_NAMES_ITSELF = re.compile(rf"(?<!\w)(?:{_MY_NAME})(?!\w)", re.IGNORECASE)
_INTRODUCES = re.compile(rf"(?<!\w)(?:{_MY_NAME}|named|(?:{_TITLES})\.?[ \t]\w)", re.IGNORECASE)

# What people write to each other, and about each other, in contrast to what is written for all.
_PRIVATE = re.compile(
    r"[\w.]@\w|^[ \t>]{0,4}(?:hi|hello|hey|yo|dear|hallo|hola|hej|bonjour|ciao|olá)\b(?=[ ,])|"
    r"(?<!\d)\+?\d{2,4}[ ()./-]{1,3}\d{2,4}[ /.-]?\d{2,5}|\b(?:regards|sincerely|cheers|"
    r"i live|lives (?:at|in)|works? (?:at|for)|(?:phone|tel|mobile|cell|fax|e-?mail|ssn|dob|address|date of birth|"
    r"passport|iban|account|invoice|order|customer|patient|client|employee|applicant|tenant|passenger|guest|user)"
    r"(?: ?(?:no|number|id|name))?\.?:|call me|contact|appointment|mr|mrs|ms|dr|herr|frau|señora?|madame|monsieur|"
    r"signora?)\b",
    re.IGNORECASE | re.MULTILINE,
)


def is_private(text: str) -> bool:
    """Whether a text looks like a letter, a form or a note about a person, where a name is likelier than elsewhere."""
    return bool(_PRIVATE.search(text) or _NAMES_ITSELF.search(text))


def ends_with_title(before: str) -> bool:
    """Whether the text before a word ends with a form of address: “Mr. ”, “Frau ”."""
    return bool(_TITLE.search(before))


def ends_with_landform(before: str) -> bool:
    """Whether the text before a word ends with what a place is named with: “Mount ”, “Lake ”, “San ”, “the ”."""
    return bool(_LANDFORM.search(before))


def says_my_name(before: str) -> bool:
    """Whether the text before a word ends with “my name is ”, in one of many languages."""
    return bool(_SAYS_MY_NAME.search(before))


def says_name(before: str) -> bool:
    """Whether the text before a word ends with what a name often follows: “Regards,”, `"name": "`."""
    return bool(_SAYS_NAME.search(before))


def says_relation(before: str) -> bool:
    """Whether the text before a word ends with what somebody is to somebody: “wife ”, “Tochter ”, “mi hija ”."""
    return bool(_RELATED.search(before))


def introduces(text: str) -> bool:
    """Whether the words “my name is” or a title stand anywhere in a text."""
    return bool(_INTRODUCES.search(text))
