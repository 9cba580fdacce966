"""National and tax numbers by country: their form, the words for them, and who checks their digits.

The forms are those of the checkers of python-stdnum, which name their official sources, in the ways people write them;
where python-stdnum has no checker, the form is that of the country's own public description.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class NationalNumber:
    """One kind of number.

    `form` is a regular expression for the number as written. `cues` are the words that name it, with `|` between, in
    lower case and with one space for all other signs; a space in front or behind asks for the limit of a word.
    `check` is a module of `stdnum`, or empty where there is none. `alone` says what is enough without such a word:
    never anything for short or plain runs of digits, the form with its checksum, or the form.
    """

    name: str
    form: str
    cues: str
    check: str = ""
    alone: Literal["never", "checksum", "form"] = "never"


NATIONAL_NUMBERS = (
    NationalNumber(
        "German tax number (Steuer-ID)",
        r"\d{2} ?\d{3} ?\d{3} ?\d{3}",
        "steuer| idnr | id nr ",
        "de.idnr",
    ),
    NationalNumber("German tax number (Steuernummer)", r"\d{2,3} ?/ ?\d{3,4} ?/ ?\d{4,5}", "steuer| st nr | stnr "),
    NationalNumber(
        "German pension insurance number",
        r"\d{2} ?(?:0[1-9]|[12]\d|3[01]) ?(?:0[1-9]|1[0-2]) ?\d{2} ?[A-Z] ?\d{3}",
        "rentenvers|sozialvers|versicherungsn| sv nummer | sv nr | rvnr ",
        alone="form",
    ),
    NationalNumber("German identity card", r"[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\d?", "ausweis| perso "),
    NationalNumber(
        "French social security number (NIR)",
        r"[1278] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}",
        "sécu|secu| nir | insee|assurance|social",
        "fr.nir",
        alone="checksum",
    ),
    NationalNumber("French tax number", r"[0-3]\d ?\d{2} ?\d{3} ?\d{3} ?\d{3}", "fiscal|impôt|impot| spi "),
    NationalNumber(
        "Spanish identity number (DNI)",
        r"\d{8}[- ]?[A-Z]|\d{2}\.\d{3}\.\d{3}[- ]?[A-Z]",
        " dni | nif |identidad",
        "es.dni",
        alone="checksum",
    ),
    NationalNumber(
        "Spanish foreigner's number (NIE)",
        r"[XYZ][- ]?\d{7}[- ]?[A-Z]",
        " nie | nif |extranjer",
        "es.nie",
        alone="checksum",
    ),
    NationalNumber(
        "Italian tax code (codice fiscale)",
        r"[A-Z]{6} ?\d{2}[A-EHLMPRST]\d{2} ?[A-Z]\d{3}[A-Z]|[A-Z]{3} [A-Z]{3} \d{2}[A-EHLMPRST]\d{2} [A-Z]\d{3}[A-Z]",
        "fiscale| cf | c f ",
        "it.codicefiscale",
        alone="form",
    ),
    NationalNumber(
        "Dutch citizen number (BSN)",
        r"\d{9}|\d{4}[ .]\d{2}[ .]\d{3}|\d{3}[ .]\d{3}[ .]\d{3}",
        " bsn |burgerservice| sofi",
        "nl.bsn",
    ),
    NationalNumber("Polish number (PESEL)", r"\d{11}", "pesel", "pl.pesel"),
    NationalNumber("Polish tax number (NIP)", r"\d{10}|\d{3}-\d{3}-\d{2}-\d{2}", " nip ", "pl.nip"),
    NationalNumber("Brazilian tax number (CPF)", r"\d{3}\.\d{3}\.\d{3}[-/]\d{2}", " cpf ", "br.cpf", alone="form"),
    NationalNumber("Brazilian tax number (CPF)", r"\d{11}|\d{9}-\d{2}", " cpf ", "br.cpf"),
    NationalNumber("Brazilian identity card (RG)", r"\d{1,2}\.\d{3}\.\d{3}-[\dXx]", " rg |identidade"),
    NationalNumber(
        "Indian Aadhaar number",
        r"[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}",
        "aadhaar|aadhar|adhaar|adhar| uid ",
        "in_.aadhaar",
    ),
    NationalNumber("Indian tax number (PAN)", r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", " pan ", alone="form"),
    NationalNumber(
        "Swedish personal number",
        r"(?:19|20)?\d{6}[-+]\d{4}",
        "personnummer|personnr",
        "se.personnummer",
        alone="checksum",
    ),
    NationalNumber("Swedish personal number", r"(?:19|20)?\d{10}", "personnummer|personnr|samordning"),
    NationalNumber(
        "British National Insurance number",
        r"(?!BG|GB|NK|KN|TN|NT|ZZ)(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ)[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]",
        " nino | nin | ni number| ni no |national ins",
        alone="form",
    ),
    NationalNumber("British NHS number", r"\d{3}[ -]?\d{3}[ -]?\d{4}", " nhs |national health", "gb.nhs"),
    NationalNumber("British tax reference (UTR)", r"\d{10}K?|\d{5} \d{5}", " utr |unique tax", "gb.utr"),
    NationalNumber("Australian tax file number", r"\d{3}[ -]?\d{3}[ -]?\d{2,3}", " tfn |tax file", "au.tfn"),
    NationalNumber("Australian Medicare number", r"[2-6]\d{3}[ -]?\d{5}[ -]?\d(?:[ /-]?\d)?", "medicare"),
    NationalNumber("Australian business number", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", " abn |australian business", "au.abn"),
    NationalNumber(
        "Canadian social insurance number",
        r"\d{3}[ -]?\d{3}[ -]?\d{3}",
        " sin |social ins|assurance sociale| nas ",
        "ca.sin",
    ),
    NationalNumber(
        "Swiss social insurance number (AHV)",
        r"756\.\d{4}\.\d{4}\.\d{2}",
        " ahv| avs |sozialvers",
        "ch.ssn",
        alone="form",
    ),
    NationalNumber(
        "Swiss social insurance number (AHV)",
        r"756[ -]?\d{4}[ -]?\d{4}[ -]?\d{2}",
        " ahv| avs |sozialvers",
        "ch.ssn",
        alone="checksum",
    ),
    NationalNumber(
        "Austrian insurance number", r"\d{4}[ -]?\d{6}", " svn| sv nummer| sv nr |sozialvers|versicherungsn", "at.vnr"
    ),
    NationalNumber(
        "Belgian national number",
        r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}",
        "rijksregister|registre nat",
        "be.nn",
        alone="form",
    ),
    NationalNumber(
        "Belgian national number",
        r"\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}",
        "rijksregister|registre nat| niss | insz ",
        "be.nn",
    ),
    NationalNumber("Danish personal number (CPR)", r"\d{6}[- ]?\d{4}", " cpr|personnummer"),
    NationalNumber(
        "Finnish personal identity code",
        r"\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]",
        "hetu|henkil",
        "fi.hetu",
        alone="checksum",
    ),
    NationalNumber("Norwegian birth number", r"\d{6} \d{5}", "fødselsn|personn", "no.fodselsnummer", alone="checksum"),
    NationalNumber("Norwegian birth number", r"\d{11}", "fødselsn|personn", "no.fodselsnummer"),
    NationalNumber("Portuguese tax number (NIF)", r"\d{3} ?\d{3} ?\d{3}", " nif |contribuinte", "pt.nif"),
    NationalNumber(
        "Portuguese citizen card",
        r"\d{8} ?\d ?[A-Z0-9]{2}\d",
        "cartão de cidad|cartão do cidad|cartao de cidad",
        "pt.cc",
    ),
    NationalNumber("Irish PPS number", r"\d{7}[A-W][A-IW]?", " pps|personal public| rsi ", "ie.pps"),
    NationalNumber(
        "South African identity number", r"\d{6} ?\d{4} ?\d{3}|\d{13}", "south afr| rsa id| sa id", "za.idnr"
    ),
    NationalNumber("Czech or Slovak birth number", r"\d{6}/\d{3,4}", "rodn| rč | rc ", "cz.rc", alone="checksum"),
    NationalNumber("Romanian personal number (CNP)", r"[1-9]\d{12}", " cnp |cod numeric", "ro.cnp"),
    NationalNumber("Bulgarian personal number (EGN)", r"\d{10}", " egn | егн ", "bg.egn"),
    NationalNumber("Greek insurance number (AMKA)", r"\d{11}", " amka | αμκα ", "gr.amka"),
    NationalNumber("Greek tax number (AFM)", r"\d{9}", " afm | αφμ ", "gr.vat"),
    NationalNumber("Croatian personal number (OIB)", r"\d{11}", " oib |osobni", "hr.oib"),
    NationalNumber("Hungarian tax number", r"8\d{9}", "adóazonos|adoazonos|adószám"),
    NationalNumber("Hungarian insurance number (TAJ)", r"\d{3}[ -]\d{3}[ -]\d{3}|\d{9}", " taj "),
    NationalNumber("Estonian personal code", r"[1-8]\d{10}", "isikukood", "ee.ik"),
    NationalNumber("Lithuanian personal code", r"[1-8]\d{10}", "asmens kod", "lt.asmens"),
    NationalNumber("Latvian personal code", r"\d{6}-\d{5}", "personas kod"),
    NationalNumber("Icelandic identity number", r"\d{6}-?\d{4}", "kennitala| kt ", "is_.kennitala"),
    NationalNumber("Turkish identity number", r"[1-9]\d{10}", "kimlik| tckn | tc | t c ", "tr.tckimlik"),
    NationalNumber("Turkish tax number (VKN)", r"\d{10}", "vergi n| vkn "),
    NationalNumber("Israeli identity number", r"\d{8}-?\d", "teudat|zehut|זהות", "il.idnr"),
    NationalNumber("Russian tax number (INN)", r"\d{12}|\d{10}", " inn | инн ", "ru.inn"),
    NationalNumber("Russian insurance number (SNILS)", r"\d{3}-\d{3}-\d{3}[- ]\d{2}", "snils|снилс", alone="form"),
    NationalNumber("Russian passport", r"\d{2} ?\d{2} ?\d{6}", "паспорт"),
    NationalNumber(
        "Chinese resident number",
        r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]",
        "身份证|居民",
        "cn.ric",
        alone="checksum",
    ),
    NationalNumber(
        "Korean resident number",
        r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}",
        "주민| rrn |resident reg",
        alone="form",
    ),
    NationalNumber("Japanese My Number", r"\d{4}[ -]?\d{4}[ -]?\d{4}", "my number|マイナンバー|個人番号", "jp.in_"),
    NationalNumber("Singaporean identity number", r"[STFGM]\d{7}[A-Z]", "nric| fin ", alone="form"),
    NationalNumber("Hong Kong identity card", r"[A-Z]{1,2}\d{6}\([0-9A]\)", "hkid|香港", alone="form"),
    NationalNumber("Taiwanese identity number", r"[A-Z][12]\d{8}", "taiwan|身分證"),
    NationalNumber(
        "Thai identity number", r"\d-\d{4}-\d{5}-\d{2}-\d", "thai id|บัตร|ประชาชน", "th.pin", alone="checksum"
    ),
    NationalNumber("Malaysian identity number", r"\d{6}-\d{2}-\d{4}", "nric|mykad", "my.nric", alone="checksum"),
    NationalNumber("Pakistani identity number", r"\d{5}-\d{7}-\d", "cnic|nadra", "pk.cnic", alone="form"),
    NationalNumber("Indonesian identity number (NIK)", r"\d{16}", " nik | ktp |kependudukan"),
    NationalNumber(
        "Mexican population code (CURP)", r"[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d", " curp ", "mx.curp", alone="form"
    ),
    NationalNumber("Mexican insurance number (NSS)", r"\d{11}", " nss | imss |seguro social"),
    NationalNumber("Mexican tax number (RFC)", r"[A-ZÑ&]{4}\d{6}[A-Z0-9]{3}", " rfc ", "mx.rfc", alone="checksum"),
    NationalNumber("Argentine tax number (CUIT)", r"\d{2}-\d{8}-\d", " cuit | cuil ", "ar.cuit", alone="checksum"),
    NationalNumber("Argentine identity number", r"\d{1,2}\.\d{3}\.\d{3}", " dni |documento"),
    NationalNumber(
        "Chilean number (RUT)", r"\d{1,2}\.?\d{3}\.?\d{3}-[\dKk]", " rut | run | r u t ", "cl.rut", alone="checksum"
    ),
    NationalNumber("Colombian identity card", r"\d{1,3}(?:\.\d{3}){2,3}|\d{6,10}", "cédula|cedula| c c "),
    NationalNumber("German health insurance number", r"[A-Z]\d{9}", "versicherten| kvnr "),
    NationalNumber("French social security number (NIR)", r"[12]\d{12}", "sécu|secu| nir | insee"),
    NationalNumber("French identity card", r"[A-Z0-9]{9}", " cni | carte nationale "),
    NationalNumber("Spanish insurance number", r"\d{2}[ /]?\d{8}[ /]?\d{2}", " nss |seguridad social"),
    NationalNumber("Italian identity card", r"C?[A-Z]{2} ?\d{5,7}[A-Z]{0,2}", " ci n |carta d identit"),
    NationalNumber("Dutch identity card", r"[A-NP-Z]{2}[A-NP-Z0-9]{6}\d", " id kaart |identiteitskaart"),
    NationalNumber("Portuguese citizen card", r"\d{8} ?\d ?[A-Z0-9]{2}\d", " cartão | cartao | cc "),
    NationalNumber("Brazilian tax number (CPF)", r"\d{3} \d{3} \d{3}[ -]\d{2}", " cpf "),
    NationalNumber("Brazilian identity card (RG)", r"[A-Z]{2}-?\d{2}\.\d{3}\.\d{3}", " rg "),
    NationalNumber(
        "Brazilian company number (CNPJ)", r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", " cnpj ", "br.cnpj", alone="form"
    ),
    NationalNumber("Brazilian social number (PIS)", r"\d{3}\.?\d{5}\.?\d{2}-?\d", " pis | pasep | nis "),
    NationalNumber("Brazilian voter number", r"\d{4} ?\d{4} ?\d{4}", "título de eleitor|titulo de eleitor"),
    NationalNumber("Polish tax number (NIP)", r"PL ?\d{10}", " nip "),
    NationalNumber("Polish business number (REGON)", r"\d{9}|\d{14}", " regon "),
    NationalNumber("Polish identity card", r"[A-Z]{3} ?\d{6}", " dow"),
    NationalNumber("Indian tax number (PAN)", r"[A-Z]{5}\d{4}[A-Z]", " pan | pancard "),
    NationalNumber("Indian voter number", r"[A-Z]{3}\d{7}", "voter id|voter card| epic no"),
    NationalNumber("Canadian health card", r"\d{4}[- ]?\d{3}[- ]?\d{3}(?:[- ]?[A-Z]{2})?", "health card| ohip "),
    NationalNumber("New Zealand tax number (IRD)", r"\d{2,3}-?\d{3}-?\d{3}", " ird "),
    NationalNumber("Czech or Slovak birth number", r"\d{9,10}", " rč |rodn"),
    NationalNumber("Yugoslav personal number (JMBG, EMŠO)", r"\d{13}", " jmbg | emšo | emso "),
    NationalNumber("Hungarian identity card", r"\d{6}[A-Z]{2}", "személyi"),
    NationalNumber("Vietnamese identity number", r"\d{12}|\d{9}", " cccd | cmnd |căn cước"),
    NationalNumber("Bangladeshi identity number", r"\d{10}|\d{13}|\d{17}", " nid "),
    NationalNumber(
        "Philippine identity number",
        r"\d{4}-\d{4}-\d{4}(?:-\d{4})?|\d{2}-\d{7}-\d|\d{3}-\d{3}-\d{3}(?:-\d{3,5})?",
        "philsys| sss | umid | tin ",
    ),
    NationalNumber("Nigerian identity number", r"\d{11}", " nin | bvn "),
    NationalNumber("Ghanaian identity card", r"GHA-\d{9}-\d", "ghana", alone="form"),
    NationalNumber("Kenyan identity number", r"\d{7,8}", "huduma|kenya"),
    NationalNumber("Emirates identity number", r"784[- ]?\d{4}[- ]?\d{7}[- ]?\d", "emirates", alone="form"),
    NationalNumber("Saudi identity number", r"[12]\d{9}", "iqama|saudi id"),
    NationalNumber("Colombian identity card", r"\d{1,3}(?:\.\d{3}){2,3}", " cc "),
    NationalNumber("Uruguayan identity card", r"\d\.\d{3}\.\d{3}-\d", " ci | c i |cédula|cedula", alone="form"),
    NationalNumber("Argentine tax number (CUIT)", r"\d{11}", " cuit | cuil "),
    NationalNumber("Peruvian or Ecuadorian tax number (RUC)", r"\d{11}|\d{13}", " ruc "),
    NationalNumber("US employer number (EIN)", r"\d{2}-\d{7}", " ein | fein |employer id|employer tax", "us.ein"),
)
