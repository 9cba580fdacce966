"""Names of other alphabets as they are written in Latin letters: “Светлана” is “svetlana”, “Γιώργος” is “giorgos”.

One spelling for each letter, the commonest in English texts; of the several usual ones (“Dmitri”, “Dmitry”) one is met.
"""

_SPELLED = """
    а a б b в v г g ґ g д d е e ё e є ye ж zh з z и i і i ї yi й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts
    ч ch ш sh щ shch ъ - ы y ь - э e ю yu я ya ѓ gj ѕ dz ј j љ lj њ nj ќ kj џ dzh ђ dj ћ c
    α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o
    ა a ბ b გ g დ d ე e ვ v ზ z თ t ი i კ k ლ l მ m ნ n ო o პ p ჟ zh რ r ს s ტ t უ u ფ p ქ k ღ gh ყ q შ sh ჩ ch ც ts
    ძ dz წ ts ჭ ch ხ kh ჯ j ჰ h
    ա a բ b գ g դ d ե e զ z է e ը e թ t ժ zh ի i լ l խ kh ծ ts կ k հ h ձ dz ղ gh ճ ch մ m յ y ն n շ sh ո o չ ch պ p ջ j
    ռ r ս s վ v տ t ր r ց ts ւ v փ p ք k օ o ֆ f և ev
"""
_PIECES = _SPELLED.split()
_LATIN = str.maketrans({letter: latin.strip("-") for letter, latin in zip(_PIECES[::2], _PIECES[1::2], strict=True)})
_TOGETHER = (("ου", "u"), ("ού", "u"), ("ու", "u"), ("μπ", "b"), ("ντ", "d"), ("ий", "iy"), ("ый", "y"))


def in_latin_letters(word: str) -> str:
    """A word in lower case, without accents, in Latin letters as far as its alphabet is known here."""
    if word.isascii():
        return word
    for letters, latin in _TOGETHER:
        word = word.replace(letters, latin)
    return word.translate(_LATIN)
