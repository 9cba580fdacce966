"""The words beside phone numbers: which announce one, which only may, and which say that a number is another one."""

import re

EXTENSION = (
    r"[,;]?\s?\(?(?:x|ext\b\.?|extn\b\.?|extension|durchwahl|dw|poste|anexo|interno|ramal|wewn\.?|#)"
    r"[:.=]?\s?\d{1,6}(?!\w)\)?"
)
# Nouns and verbs that leave no doubt, with whatever but a digit up to the number.
_NOUNS = (
    r"phone|mobile|mobiel|\bcel(?:l|\b)|\bfax|\btel|\bsms|\bmob\b|\bmobil\b|\bph\b|\bhp\b|whats ?app|\bwapp|\bwa\b|"
    r"wa\.me/|landline|\bviber|\btelegram|\bmsisdn|\bcaller|call-?back|\botp\b|hotline|\bice\b|telefon|\bfon\b|handy|"
    r"t[ée]l[ée]phone|\bt[ée]l\b|\bnum:|rufnummer|rückruf|\bnatel\b|\btel[ée]fono?|m[óo]vil|\bfijo\b|celular|cellulare|"
    r"\btfno|\btlf|\btlfno|recapito|\bgsm\b|\bkom\.|komórk\w{1,3}|\bfone\b|telem[óo]vel|\btlm\b|\bzap\b|\btfn\b|"
    r"\bpuh\b|"
    r"puhelin|\bs[dđ]t\b|\bnomor|мобильн\w{2}|телефон|\b(?:тел|моб)\b|мой номер|τηλ|κινητ|هاتف|جوال|טלפון|電話|电话|"
    r"手机|手機|携帯|전화|휴대폰|📞|☎|📱|📲|contact[\s_-]?(?:number|no\b)"
)
_VERBS = (
    r"\bcall\b|\bdial|\bsignal\b|\bring(?: me| us)?\b|\b(?:rang|calls|called)\b|\bdesk|portable|\bport\.|"
    r"\bruf\w{0,2} \w{2,4} an|"
    r"\bruf\w{0,2} an\b|"
    r"erreichbar|erreichen sie|joignable|joi(?:ns|gnez)-?|appelle|appele[zr]|rappele[zr]|contacte[rz]|"
    r"\bll[áa]ma(?:me|r|nos)|\bcontactar|cont[áa]ctame|chiama\w{2}|\bbel me|\bbellen|bereikbaar|\bapp me|zadzwo\w{1,4}|"
    r"dzwoni\w{1,3}|\bme liga|\bliga-me|\bligue\b|contacto\b|\bring mig|\bring på|\bnås på|\bsoita|"
    r"messages? to|\bt(?:e?xt)(?: me| us)?(?: at| on)?(?= $|:)|(?:reachable|available) (?:at|on)|number i gave you|"
    r"\bhit me up|answering (?:at|on)|my digits|"
    r"(?:reach|get) (?:me|us|her|him|them) (?:at|on)|(?:best|right|full|direct) number"
)
CUE = re.compile(rf"(?:{_NOUNS}|(?P<verb>{_VERBS}))[^\d\n]{{0,25}}$", re.IGNORECASE)
_MY = (
    r"my|his|her|their|our|your|registered|new|old|home|work|office|emergency|alternate|alternative|alt|"
    r"meine|unsere|mijn|mon|mi|meu|minha|il mio|mój|mera|mitt|mit|min"
)
_NUMBER = r"(?:number|no\b\.?|num\b|nr\b\.?|#|nummer|num[ée]ro|número|numero|numer)"
WEAK_CUE = re.compile(
    rf"(?:\b(?P<mine>{_MY})(?: (?:new|old|other|neue|nuevo|nouveau|nowy|contact))?(?: {_NUMBER})?(?:['’]s)?"
    r"(?: (?:is|ist|lautet|c['’]est(?: le)?|est(?: le)?|es(?: el)?|è(?: il)?|é(?: o)?|to|är|er|hai))?|"
    r"\b(?:number|contact|kontakt|numeroni on|num[ée]ro|numer|number(?: is| was| on file(?: is)?)|linked to|"
    r"registered with|registered mobile|code to|sent to|verify)|\b[TMPFCOHW][:.]|\b[TM]|\([TMPFCOHW]\)|\bdirect|"
    r"\b(?:contact|kontakt|contacto|contatto|contato)\b:? [^\d\n]{0,18}|"
    r"\bring(?: me| us)?(?: on| at)?)[ :\"'#-]{0,3}$",
    re.IGNORECASE,
)
# Fields that hold numbers with the code of the country but without the "+".
KEY_OF_BARE_NUMBER = re.compile(
    r"\b(?:to|from|recipient|sender|dest(?:ination)?|caller|callee|[ab]_?number|subscriber|"
    r"phone)[\"']?\s?[=:]\s?[\"']?$",
    re.IGNORECASE,
)
CUE_AFTER = re.compile(
    r"[ ,\\-]{0,3}[(]?(?:(?:office|fax|mobile|cell|home|work|desk|landline|"
    r"(?:is|ist|est|es|è|é|är) (?:my|mein\w?|mon|mi|(?:il )?mio|(?:o )?meu|mitt) (?:\w{2,8} )?(?:phone|mobile|cell|"
    r"num\w{2,4}|número|no\b|tel\w*)|(?:call|ring|text|whatsapp) me)\b|"
    r"il mio (?:cell|num|tel)|mein[e]? (?:handy|nummer|tel)|mon (?:num|tél|portable))",
    re.IGNORECASE,
)
# Between two numbers of which the first has the cue.
_AND_TEXT = """
    , ; / | and or und oder et ou y o e of en lub i and/or ",
"""
AND = frozenset(_AND_TEXT.split())
NOT_A_PHONE = re.compile(
    r"(?:order|invoice|ticket|ref|reference|case|isbn|issn|ean|sku|serial|tracking|account|policy|part|article|model|"
    r"product|item|batch|patent|doi|zip|routing|aba|vin|vat|tax|iban|bsb|passport|licen[cs]e|member|customer|"
    r"(?<!caller )id)s?\b(?: ?(?:number|no\.?|nr\.?|id|code))?[ :#.=\"']*"
    r"(?:(?:is|ist|est|es|è|é|was) )?$",
    re.IGNORECASE,
)
