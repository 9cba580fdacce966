"""The words by which streets, flats, states and countries are known, in lower case.

Sources: USPS publication 28, appendix C (street suffixes and units), the postal guides of the countries, and Faker.
"""

_AFTER_A_NAME = """
    street st str avenue ave av boulevard blvd road rd lane ln drive dr court ct circle cir terrace ter parkway pkwy
    highway hwy crescent cres close grove mews alley aly expressway turnpike tpke square sq place pl plaza way trail
    trl row walk hill gardens gdns loop path quay wharf esplanade parade broadway bypass crossing hollow landing ridge
    run view vista heights hts green rise vale causeway promenade nagar marg chowk colony
"""
_SURE_IN_LOWER_CASE = "street st avenue ave boulevard blvd road rd lane ln parkway pkwy crescent"
_BEFORE_A_NAME = """
    rue avenue av bd boulevard chemin allée impasse cours quai place square passage chaussée faubourg
    calle c/ avda avda. av. avenida plaza pza paseo pso camino carretera ctra ronda travesía carrer passeig glorieta
    via viale piazza piazzale piazzetta corso vicolo largo strada contrada borgo salita lungomare
    rua rúa r. travessa praça praca alameda estrada rodovia beco ladeira quinta
    ul. ul ulica al. aleja aleje os. osiedle pl. plac trg cesta ulice náměstí nám. třída tř.
    str. bulevardul bd. calea aleea piața intrarea șoseaua
    odos οδός λεωφόρος πλατεία οδος ул. улица проспект пр. просп. пр-т переулок пер. вулиця вул. бульвар
    jalan jl. jln lorong
"""
_SURE_BEFORE_IN_LOWER_CASE = """
    rue calle rua rúa ul. ulica avenida avda c/ viale piazza travessa chaussée impasse улица ул. carrer jalan jl.
    avenue boulevard chemin quai allée
"""
_ENDINGS = """
    straße strasse str. gasse platz allee damm ufer chaussee weg steig graben
    straat laan gracht plein dijk kade singel steeg dreef
    gatan vägen gata gränd stigen torget gate gaten veien vegen vei veg gade vej stræde plads allé vænge
    katu kuja polku raitti kaari utca körút vegur stræti gatve iela tänav
"""
_BETWEEN_NAME_AND_NUMBER = """
    utca utcája út útja u. tér tere körút krt. sor tee tänav mnt pst puiestee iela prospekts gatvė g. ulice třída
    náměstí trg cesta put sokak sk. cd. caddesi mah. väg gata gatan vägen vei veien vej gade tie katu street straße
    strasse str. gate gaten kapu rkp. u
"""
_PARTICLES = """
    de la le les du des d' l' del della dello delle dei degli di da do das dos e y van der den het 't ten ter von zu
    zum zur am an im of the and et i na pod nad sur sous en al el los las san st. ste. dr. gen. kard. ks. św. prof.
"""

AFTER_A_NAME = frozenset(_AFTER_A_NAME.split())
SURE_IN_LOWER_CASE = frozenset(_SURE_IN_LOWER_CASE.split())
BEFORE_A_NAME = frozenset(_BEFORE_A_NAME.split())
SURE_BEFORE_IN_LOWER_CASE = frozenset(_SURE_BEFORE_IN_LOWER_CASE.split())
ENDINGS = tuple(_ENDINGS.split())
BETWEEN_NAME_AND_NUMBER = frozenset(_BETWEEN_NAME_AND_NUMBER.split())
PARTICLES = frozenset(_PARTICLES.split())

UNIT = (
    r"(?:(?:apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|bldg|building|lot|top|wohnung|whg|hinterhaus|"
    r"appartement|appt|app|bât(?:iment)?|étage|esc(?:alera)?|piso|puerta|planta|andar|apto|bloco|sala|int(?:erno)?|"
    r"scala|piano|lok(?:al)?|m|bus|lgh|block|tower|level)"
    r"(?:\.?\s?(?:(?:no|nr)\.?\s?|#\s?)?\d{1,5}[a-z]?|(?:\.\s?|\s)[a-f])(?:[-/]\w{1,4})?|"
    r"#\s?\d{1,5}[a-z]?|\d{1,2}(?:st|nd|rd|th)\s(?:floor|fl)\.?|\d{1,2}\s?[ºª°](?:\s?(?:[a-h]|izq|dcha)\b\.?)?|"
    r"\d{1,2}\.\s?(?:og|stock|etage|th|tv|mf|sal)|"
    r"(?:eg|erdgeschoss|bajo|ground floor|penthouse)|[23](?:ème|e) étage)(?!\w)"
)
_STATES = """
    Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho Illinois
    Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana
    Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas Utah Vermont Virginia Washington Wisconsin Wyoming
    Ontario Quebec Alberta Manitoba Saskatchewan Victoria Queensland Tasmania
"""
STATES = "|".join(
    (
        *_STATES.split(),
        r"New (?:Hampshire|Jersey|Mexico|York|South Wales|Brunswick)|(?:North|South) (?:Carolina|Dakota)|West Virginia",
        r"Rhode Island|British Columbia|Nova Scotia|South Australia|Western Australia|Northern Territory|Puerto Rico",
    )
)
STATE_CODES = (
    r"(?-i:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|"
    r"W[AIVY]|PR|A[AEP]|NSW|VIC|QLD|TAS|ACT|NT|ON|QC|BC|AB|MB|SK|NS|NB|SP|RJ|MG|RS|BA|PE|CE|DF)(?!\w)"
)
_COUNTRIES = """
    Germany Deutschland Austria Österreich Switzerland Schweiz Suisse Svizzera France Italy Italia Spain España Portugal
    Belgium België Belgique Netherlands Nederland Luxembourg Denmark Danmark Sweden Sverige Norway Norge Finland Suomi
    Iceland Poland Polska Czechia Slovakia Slovenia Slovenija Croatia Hrvatska Hungary Magyarország Romania Bulgaria
    Greece Cyprus Estonia Eesti Latvia Lithuania Ireland England Scotland Wales Greenland Greenlander Tunisia Morocco
    Egypt Kenya Nigeria Ghana India Pakistan Bangladesh Japan China Singapore Malaysia Indonesia Thailand Vietnam
    Philippines Australia Canada USA U.S.A. UK U.K. Mexico México Brazil Brasil Argentina Chile Colombia Peru Israel
    Turkey Türkiye Ukraine Russia Serbia Uruguay
"""
COUNTRIES = "|".join(
    (
        r"Cyprus \(\w{1,20}\)",
        *(name.replace(".", r"\.") for name in _COUNTRIES.split()),
        r"United (?:Kingdom|States(?: of America)?|Arab Emirates)|New Zealand|South Africa|Czech Republic|South Korea",
        r"Northern Ireland|Great Britain|Hong Kong|Saudi Arabia|The Netherlands|Costa Rica",
    )
)
