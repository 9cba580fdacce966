"""Words of the name lists that seldom name a person, and words that do. Folded."""

# Places, months, days, firms and gods that stand capitalised within sentences.
_PLACES = """
    africa alabama angeles alaska albania alberta alexandria algeria america antarctica arabia argentina arizona
    athens atlanta atlantic australia austria baltimore bangalore bangkok barcelona beijing belgium
    bengal berlin birmingham bolivia boston brazil brisbane bristol britain brussels bulgaria cairo
    calcutta california cambodia cambridge canada chicago chile china christmas cincinnati cleveland
    colombia colorado congo connecticut copenhagen cuba cyprus december delaware delhi denmark
    detroit dubai dublin ecuador edinburgh egypt england ethiopia europe february finland florida
    france francisco friday geneva germany ghana glasgow greece guatemala guinea haiti hamburg hawaii
    helsinki himalaya holland hollywood honduras hong hungary iceland idaho illinois indiana indonesia
    iowa iran iraq ireland istanbul italy jamaica jakarta january japan jersey jerusalem july kansas
    kentucky kong korea kuwait kyoto lagos lebanon leicester liverpool london louisiana luxembourg madagascar
    madrid maine malaysia malta manchester manhattan maryland massachusetts medina melbourne memphis mexico
    miami michigan minneapolis minnesota mississippi missouri monaco monday mongolia montreal morocco
    moscow mumbai munich naples nebraska nepal netherlands nevada nigeria norway november october ohio oklahoma
    ontario oregon oslo ottawa pacific pakistan palestine panama paraguay pennsylvania persia peru
    philadelphia philippines pittsburgh poland portland portugal prague quebec queensland rico rome russia
    sacramento saturday scandinavia scotland seattle senegal september serbia san santa
    seoul seville shanghai siberia sicily singapore somalia spain stanford stockholm sudan sunday sweden switzerland
    syria taiwan tehran tennessee texas thailand thursday tibet tokyo toronto tuesday tunisia turkey uganda
    ukraine uruguay utah vancouver vatican venezuela venice vermont vietnam wales warsaw washington
    wednesday wisconsin wyoming yemen york yorkshire zealand zimbabwe zurich
    google amazon facebook instagram twitter youtube linkedin tesla disney netflix microsoft apple quora linux
    cortana pradesh ferrari python javascript java kubernetes docker android windows github wikipedia reddit
    photoshop excel fortnite minecraft
    buddha allah islam quran bible jupiter saturn neptune uranus pluto zeus apollo
"""

# People are called like them as well.
_PLACES_AND_NAMES = """
    adelaide alexa april asia athena august austin autumn brooklyn carolina charlotte chelsea dakota dallas denver diego
    florence genesis georgia houston india israel jordan june kenya lincoln madison march mars mercury milan montana
    eden orlando paris phoenix roman salem salvador santiago savannah siena siri sydney venus vienna virginia victoria
"""

# Very common words that are also given names or surnames.
_COMMON_WORDS_AND_NAMES = """
    art black brown faith green hope king long love mark may rich star summer white will young melody rose grace
"""

# In Faker's lists of one language or another, but words, not names, wherever English is written.
_NEVER_NAMES = """
    ace admiral ale almond ants arab arch aura babe ban baron bass bean beard bee beta bitten bogus bona boner boon
    bourgeois bra brands bravo brink bunk burger butcher camps canal cannon cant carrier carton champ cherish chin
    christians cinnamon colon contractor convey cools coral cord cousins crooks curtain dam dang danish dash delta dis
    diver dock dos dot downs dung dusty edit emit essence falcon ferry font freely frisk funk gal gala gall gamble
    gauge genie gorge gravel grill grit grunt gunning hacker halls ham handler handy hare hasty hay hearty helm hence
    herd herring hind holder holler hoof hull icy infant ion ivory jacks jug karma lace lad lass lice limo lone loo
    loot lucid lung macho manly marine mast meadow mentor merchant metro mil mist moan monk monks moons moron mule
    nanny nickel ninja oak oral pan pant par para pastor paw peck peer pets pier plank pole poll polo priors purity
    rails ram reader richer riddle ridge rim roach roar romans roots rosy ruddy rust safari salmon sands sane savage
    schmuck sec server sever shade sincere sinner siren snot sparks starling steward storms stormy stout strand sung
    swords tab tack tailor tan telly theta til topic tours urban vain valid valves velvet vial viking villa visa wage
    warmer wit yen yoga yuan
    acre agenda alias alpha alter angle arena arrow atlas atom avocado axis basil baton bay beacon bingo birch bison
    bolt bonus bot brie bronze bubble cameo canine carat cargo cedar celery chai chant chart chips cider clan clover
    cobra cocoa comet condo coupon crate cricket crop cube curriculum data datum debut decor deli demo depot diesel
    digit dingo disco domain donor drama dual dune ego elan elite email enigma epic ergo exit fable fauna feta fiber
    flora fossil fungi galaxy gamma gem gin glacier guru halo hazelnut heron hologram idea index item java jazz joker
    juice kale kilo kiwi koala lama lava lemon lexicon lime logo lotus magma mango manna mantra maple marble maxim
    media menu micro mint mocha modal motto nexus niche ninety nova oasis ocean omega onyx opal orchid oregano panda
    papaya parsley pasta patch pecan penguin piano pilot pixel plaza plum poem poet polar polka prime promo quartz
    query radar radio raja ramen rebel recipe relay saga salsa sample satin sauna senior sequoia sesame sierra sigma
    silica sofa sonar sonata sonic stanza studio sushi taco tango taro tempo tiger token topaz torso tulip tuna tundra
    couture manta mauna noinput turbo ultra vegan video vista vortex yam zen zinc zone
"""

# Of the usual filler text, beside what Faker's has: https://www.lipsum.com.
_PSEUDO_LATIN = """
    lorem ipsum dolor sit amet consectetur consectetuer adipiscing elit sed do eiusmod tempor incididunt ut labore et
    dolore magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo
    consequat duis aute irure in reprehenderit voluptate velit esse cillum eu fugiat nulla pariatur excepteur sint
    occaecat cupidatat non proident sunt culpa qui officia deserunt mollit anim id est laborum curabitur pretium
    tincidunt lacus gravida orci a odio nullam varius turpis pharetra eros bibendum nec luctus felis sollicitudin mauris
    integer nibh euismod ac tellus risus vulputate vehicula donec lobortis etiam ullamcorper ligula congue vestibulum
    ante primis faucibus ultrices posuere cubilia curae pellentesque habitant morbi tristique senectus netus malesuada
    fames egestas vivamus suscipit tortor eget proin praesent sapien massa convallis porta cras blandit accumsan quam
    vel justo nisl cursus mattis sagittis semper rutrum aenean phasellus hendrerit ornare viverra maecenas interdum
    fringilla placerat dapibus molestie volutpat scelerisque auctor dictum imperdiet venenatis pulvinar sem elementum
    lectus metus urna vitae purus leo arcu at diam erat feugiat fermentum tempus efficitur hac habitasse platea dictumst
"""

PLACES = frozenset(_PLACES.split())
PLACES_AND_NAMES = frozenset(_PLACES_AND_NAMES.split())
COMMON_WORDS_AND_NAMES = frozenset(_COMMON_WORDS_AND_NAMES.split())
NEVER_NAMES = frozenset(_NEVER_NAMES.split())
PSEUDO_LATIN = frozenset(_PSEUDO_LATIN.split())
# Endings by which surnames of many countries are known.
SURNAME_ENDINGS = (
    *("ovic", "evic", "owski", "owska", "ewski", "ewska", "inski", "inska", "ynski", "ynska", "wicz", "czyk", "enko"),
    *("chuk", "idze", "adze", "shvili", "poulos", "poulou", "akis", "idis", "idou", "oglu", "escu", "eanu"),
    *("sson", "sdottir", "gaard", "quist", "qvist", "strom", "lainen", "kainen", "aitis", "auskas", "iene", "unas"),
    *("ovich", "evich", "ovska", "ovsky", "evsky", "ovskaya", "evskaya", "mukhopadhyay", "murthy"),
    *("swamy", "subramanian", "sinh", "zadeh", "ozade", "yants", "ntzis", "iadis"),
    *("mann", "meier", "meyer", "bauer", "huber", "hofer", "egger", "stra", "hoven", "ssen"),
)
