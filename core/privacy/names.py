"""Names for invented mail addresses. Kept here, so that another release of a library cannot change a substitute."""

_FIRST_NAMES = """
    ada alan alba amir anika anton aria bela bruno carla cesar clara dara david delia diego edda elias emil enya
    erik fay felix fiona flora frida gael gina greta hana hugo ida igor ines iris ivan jana joel jonas judy kai karim
    kira lara leo lena lina luca mara marc mila nadia nils nina nora olga oscar otto paula peter pia quinn rafael rhea
    rosa ruben sara selma silas sofia stan suri tara theo tilda timo ugo uma vera viktor wanda wim xenia yara yusuf
    zoe
"""

_LAST_NAMES = """
    abbot acker alder ashby barlow becker birch blake bolton brandt brook calder carver castle clay cole cooper
    crane dale dalton drake dunn ember evers falk farrow finch fisher fletcher ford frost gale glover grant greene
    hale harper hartley hayes heath holt hunter jensen keller knight lang larkin linden lowell mercer miller moss
    norton oakley ortega palmer parker pike porter quill ramsey reed ridley rivers rowan sawyer shaw slater sommer
    stone summers tanner thorne turner vance vogel wagner walden waters webb weaver winter woods yates zeller
"""

FIRST_NAMES = tuple(_FIRST_NAMES.split())
LAST_NAMES = tuple(_LAST_NAMES.split())
