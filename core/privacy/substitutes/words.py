"""Words that stay in a name, a company or an address, because they do not say whose it is; in their compared form."""

from core.privacy.substitutes.tokens import name_key


def _tuple(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def _set(words: str) -> frozenset[str]:
    return frozenset(map(name_key, _tuple(words)))


TITLES = _set(
    """mr mrs ms miss mx dr prof professor doctor sir lady lord madam rev reverend capt captain sgt sergeant officer
    senator president herr frau hr dipl ing mme mlle monsieur madame mademoiselle señor señora señorita senor
    senora sr sra srta doña dona signor signora signore dott dottore dottoressa avv pani dhr mevr mw meneer
    mevrouw fru herra rouva bay bayan shri smt sri haji uncle aunt auntie grandma grandpa господин госпожа"""
)
SUFFIXES = _set("jr sr ii iii iv vi vii viii phd md esq mba dds rn bsc msc obe cbe junior senior")
# Small words inside a name; those of the second set also where it begins ("van Gogh"), the rest may be names there.
PARTICLES = _set(
    """von van vom zu zum zur der den de del della di da dos das do du des la le les el al ter ten te bin ibn bint
    abu and und et of the san st saint af av"""
)
LEADING = _set("von van vom zu der de del della du des ter ten bin ibn")
KEPT_IN_NAMES = TITLES | SUFFIXES | PARTICLES

COMPANY = _set(
    """inc incorporated ltd limited llc llp plc corp corporation co company gmbh ag kg kgaa ug se ohg mbh sa sas sarl
    srl spa snc bv nv vof oy oyj ab as asa aps sl slu lda ltda pty pvt pte kk zrt kft sro doo ooo оoo оао пао зао
    ип group holding holdings bank trust foundation institute university universität université universidad
    universidade college school academy hospital clinic klinik church museum library laboratory laboratories labs
    lab department ministry agency office council committee commission association society union federation party
    club team center centre services service systems solutions software technologies technology consulting
    partners capital media insurance airlines motors foods energy pharma international global national first of
    the and for in at y e und et de del della des di da du la le les el von der die das"""
)

_STREET = """street st str road rd avenue ave av lane ln drive dr boulevard blvd court ct way place pl square sq
    terrace ter circle cir highway hwy parkway pkwy crescent cres close row walk mews trail trl alley plaza pike loop
    hill view gardens grove park quay wharf rise green bridge straße strasse weg platz allee gasse ring damm ufer
    rue chemin impasse allée place quai cours route faubourg calle avenida avda carrer paseo plaza camino carretera
    via viale piazza corso largo vicolo strada rua travessa praça praca estrada alameda largo straat laan plein kade
    gracht gatan vägen gata väg torg vej gade plads veien gate gata plass katu tie kuja ulica ul aleja al plac os
    ulice náměstí utca út tér улица ул проспект пр переулок пер бульвар площадь пл дом д корпус кв квартира"""
_UNIT = """apt apartment unit suite ste floor fl flat room rm building bldg block box po p o lot no nr num number
    house etage stock stiege top haus wohnung bis appt appartement étage bâtiment bat piso puerta bajo izq dcha
    interno scala andar apto bloco lote c postfach bp cp cedex near attn"""
_SIDE = """n s e w ne nw se sw north south east west northeast northwest southeast southwest nord süd ost west sud
    est ouest norte sur este oeste upper lower old new great little grand"""
_STATES = """al ak az ar ca ct de fl ga hi ia id il ks ky la ma md me mi mn mo ms mt nc nd nh nj nm nv ny oh ok pa ri
    sc sd tn tx ut va vt wa wi wv wy dc nsw vic qld act tas nt on qc bc ab mb sk"""
_COUNTRIES = """usa us uk gb eu united states kingdom america england scotland wales ireland canada australia zealand
    germany deutschland austria österreich switzerland schweiz suisse svizzera france spain españa italy italia
    portugal brazil brasil netherlands nederland belgium belgique belgië denmark danmark sweden sverige norway norge
    finland suomi poland polska czech republic hungary greece turkey türkiye india china japan mexico méxico argentina
    chile colombia russia россия ukraine україна south africa nigeria kenya egypt israel singapore"""
_LITTLE = "and of the at in on by near de del della des di du da do dos la le les el los las a an der die das am im an"
ADDRESS = _set(" ".join((_STREET, _UNIT, _SIDE, _STATES, _COUNTRIES, _LITTLE)))
STREET_ENDS = (
    *("straße", "strasse", "gasse", "platz", "allee", "ufer", "damm", "weg", "straat", "laan", "plein", "gracht"),
    *("gatan", "vägen", "gade", "vej", "veien", "gata", "katu", "str"),
)
CITY = _set(f"{_LITTLE} {_SIDE} city town village saint san santa st sankt bad port fort lake")

# Local parts that name a task and no person.
MAILBOXES = _set(
    """info sales support admin contact office hello hi mail email e team service services noreply reply no hr jobs
    career careers news newsletter help helpdesk billing press marketing webmaster postmaster hostmaster abuse
    security root test user customer care orders order shop store accounts accounting finance legal privacy it dev
    ops feedback the a my me kontakt bewerbung rechnung verkauf"""
)

# Invented places are put together from these; as many as 70 x 24 of two, and without end of three.
PLACE_STEMS = _tuple(
    """alder amber ash aspen barrow birch bram briar brindle calder candle cedar clover cobble copper coral crane
    dapple dove elder ember fallow fern finch flint fox frost gale garnet glim harrow hawk hazel heather heron
    holly ivy jasper juniper kestrel lark laurel linden lumen maple marl mallow merle mistle moor nettle oaken
    opal orchard pebble pine plum quill raven reed rowan russet saffron sorrel sparrow tansy thistle umber velvet
    willow wren yarrow"""
)
PLACE_ENDS = _tuple(
    """wick thorpe combe mere holt ley stead fold garth croft shaw wold dell beck worth minster ness haven barrow
    gate moss vale brook ridge"""
)
