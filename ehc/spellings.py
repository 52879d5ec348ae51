"""One name, written in several ways: names that were brought over from another script.

A table and no measure of likeness. Likeness would also take one child for another (Jayden and
Hayden, Mia and Maya), and the check of identity is there to tell those apart; what people really
write differently is few names, each in well-known ways.
"""

from itertools import islice, product

_FAMILIES = (
    "muhammad mohammed mohammad mohamed mohamad muhammed muhamed mohammod mahomed muhammadu",
    "ahmed ahmad ahmet achmed",
    "hussain hussein husain hussien husayn huseyin",
    "hassan hasan",
    "yusuf yousuf yousef yusef youssef yousif yusuph",
    "ibrahim ebrahim ibraheem",
    "umar omar umer omer",
    "usman uthman osman othman",
    "khalid khaled",
    "mustafa mustapha mostafa moustafa",
    "abdullah abdallah abdulla",
    "fatima fatimah fatema fatma",
    "aisha ayesha aysha aicha aishah",
    "khadija khadijah khadeeja khadeja",
    "zainab zaynab zeinab zeynep",
    "maryam mariam maryum",
    "amina aminah ameena",
    "nur noor nour",
    "iman eman",
    "sharif shareef sherif",
    "chaudhry chaudhary choudhury chowdhury choudhary chaudhri",
    "sheikh shaikh shaykh",
    "oleksandr olexandr aleksandr alexandr",
    "andrii andriy andrey andrei",
    "dmytro dmitro dmitry dmitri dmitriy",
    "mykhailo mykhaylo mikhail",
    "serhii serhiy sergey sergei",
    "yevhen yevgen evgeny yevgeny",
    "yuliia yulia iuliia",
    "sofiia sofiya sofia",
    "mariia mariya maria",
    "anastasiia anastasiya anastasia",
    "viktoriia viktoriya viktoria",
    "nataliia nataliya natalia",
    "kateryna katerina ekaterina",
)
#: Written in one word or in two.
_PHRASES = (
    (
        *("abdul rahman", "abdulrahman", "abdur rahman", "abdurrahman", "abdirahman"),
        *("abdelrahman", "abdel rahman", "abd al rahman"),
    ),
    ("abdul aziz", "abdulaziz", "abdelaziz", "abdel aziz"),
)
#: Of one name: a name of four parts, each in ten ways, would be ten thousand.
_MOST = 60

_SPELLINGS: dict[str, tuple[str, ...]] = {
    name: family
    for family in (*(tuple(f.split()) for f in _FAMILIES), *_PHRASES)
    for name in family
}


def spellings_of(name: str) -> tuple[str, ...]:
    """Every way in which a name may be written, its own first; `name` as `identity.plain` has it.

    Its words are looked up one by one where the whole is not known.
    """
    known = _SPELLINGS.get(name)
    if known is None:
        ways = [(word, *_SPELLINGS.get(word, ())) for word in name.split()]
        known = tuple(" ".join(words) for words in islice(product(*ways), _MOST))
    return tuple(dict.fromkeys((name, *known)))
