"""Names of the many communities of English cities, to be put together at random.

Nobody here is anybody: forenames and surnames are common in their community, and who gets which is
drawn by lot.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Community:
    """Forenames and surnames that go together; `ethnicity` is the code of the school census."""

    weight: int
    ethnicity: str
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[str, ...]


def _of(weight: int, ethnicity: str, girls: str, boys: str, surnames: str) -> Community:
    def split(text: str) -> tuple[str, ...]:
        return tuple(name.strip() for name in text.replace("\n", " ").split(","))

    return Community(weight, ethnicity, split(girls), split(boys), split(surnames))


COMMUNITIES = (
    _of(
        46,
        "WBRI",
        "Ava, Olivia, Zoë, Chloe, Isla, Freya, Millie, Evie, Poppy, Lacey-Mae, Ruby, Ellie-Mae,"
        "Phoebe, Gracie, Amber, Holly, Skye, Imogen, Lottie, Daisy, Erin, Maisie, Bethany, Tilly",
        "Alfie, Jack, Oliver, Harry, Archie, Theo, Riley, Jenson, Kai, Noah, Callum, Finley, Ethan,"
        "Tyler, Jayden-Lee, Logan, Reuben, Albie, Stanley, Toby, Leo, Ronnie, Frankie, Max",
        "Hartley, Booth, Ibbotson, Crookes, Wragg, Staniforth, Bagshaw, Hague, Marsden, Oxley,"
        "Dyson, Fearnley-Whitlock, Shaw, Turner, Walker, Bradwell, Hobson, Siddall, Fox, Platts,"
        "Eyre, Thorpe, Barber, Wilde, Ashforth, Lomas, Rowbotham, Slack, Womersley, Greaves,"
        "Longbottom, Cartwright, Beaumont-Hughes, Ellison, Furniss, Gill, Naylor, Swift, Heath",
    ),
    _of(
        3,
        "WIRI",
        "Aoife, Niamh, Saoirse, Caoimhe, Róisín, Orla, Sinéad",
        "Cillian, Oisín, Seán, Pádraig, Declan, Tadhg, Eoin",
        "O’Brien, O’Brien-Smythe, Mulcahy, McGrath, Gallagher, O’Rourke, Kavanagh, Doherty",
    ),
    _of(
        3,
        "WBRI",
        "Siân, Cerys, Ffion, Eilidh, Mairi, Carys, Nerys",
        "Rhys, Dafydd, Ioan, Hamish, Ruaridh, Gethin, Iwan",
        "Bowen, Llewellyn, Prys-Jones, MacDonald, MacIntyre-Ross, Ogilvie, Pritchard, Gwynne",
    ),
    _of(
        9,
        "APKN",
        "Aisha, Zainab, Maryam, Hafsa, Iqra, Amna, Sumaiya, Khadija, Noor-ul-Ain, Mahnoor",
        "Muhammad, Ibrahim, Hamza, Zayn, Yusuf, Haroon, Bilal, Abdul-Rahman, Usman, Ayaan",
        "Hussain, Khan, Mahmood, Akhtar, Shah, Iqbal, Raja, Malik, Mirza, Qureshi, Siddiqui",
    ),
    _of(
        4,
        "ABAN",
        "Tasnim, Nusrat, Farzana, Sadia, Rumana, Anisa",
        "Rafiq, Tanvir, Shahriar, Nabil, Imran, Fahim",
        "Miah, Uddin, Chowdhury, Rahman, Ahmed, Sarkar, Choudhury-Islam, Haque",
    ),
    _of(
        4,
        "AIND",
        "Simran, Priya, Ananya, Jasleen, Diya, Lakshmi, Meera, Harleen",
        "Arjun, Gurpreet, Rohan, Krishnan, Harjit, Aarav, Dev, Manveer",
        "Singh, Sandhu, Patel, Sharma, Venkataraghavan, Ramakrishnan-Subramaniam, Nair, Mehta,"
        "Thiruvengadam, Desai, Reddy",
    ),
    _of(
        5,
        "BSOM",
        "Hodan, Ayaan, Sagal, Fadumo, Ifrah, Hibaaq, Nasteexo",
        "Abdirahman, Liban, Mahad, Guled, Abdullahi, Zakariye, Cabdi",
        "Warsame, Abdi, Farah, Hersi, Jama, Duale, Mohamud, Egal, Samatar",
    ),
    _of(
        4,
        "ARAB",
        "Rawan, Layan, Shaima’a, Ghada, Noura, Tasneem, Yasmin",
        "Saleh, Qasim, Abdulmalik, Faris, Hani, Mu’adh, Ziyad",
        "Al-Hakimi, Saleh, Al-Qadhi, Nasser, Muthanna, Ba-Wazir, El Amrani, Al Sabbagh, Ghaleb",
    ),
    _of(
        5,
        "BNGN",
        "Oluwaseun, Chiamaka, Temitope, Adaeze, Ifeoluwa, Oluwatamilore, Folasade, Ngozi",
        "Chukwuemeka, Tobiloba, Ayomide, Kelechi, Oluwadarasimi, Babajide, Obinna, Femi",
        "Adeyemi, Okonkwo, Ogunleye, Nwachukwu, Babatunde-Cole, Eze, Afolabi, Onyekachukwu,"
        "Oyelaran, Balogun",
    ),
    _of(
        3,
        "BAOF",
        "Abena, Selam, Akosua, Makeda, Tendai, Chipo, Efua",
        "Kwabena, Yonas, Kofi, Tekle, Tafadzwa, Biniam, Kwame",
        "Asante, Tesfamariam, Owusu, Ghebremeskel, Moyo, Boateng, Haile, Ncube, Mensah-Bonsu",
    ),
    _of(
        4,
        "BCRB",
        "Shanice, Aaliyah, Kezia, Renée, Tiana, Nevaeh, Amara",
        "Jermaine, Tyrese, Malachi, Isaiah, Kymani, Dante, André",
        "Campbell, St. Hilaire, Bogle, Grant, De Souza-Williams, Francis, Pinnock, Bailey, Blake",
    ),
    _of(
        5,
        "WEEU",
        "Zuzanna, Oliwia, Ágnes, Kateřina, Denisa, Ioana, Ștefania, Ľubica, Emilija, Darya",
        "Łukasz, Kacper, Ştefan, Jakub, Dávid, Mykola, Rareș, Vojtěch, Žygimantas, Mateusz",
        "Kowalczyk, Wójcik, Gołąb-Żurek, Popescu, Lăcătuș, Horváth, Dvořák, Šimkovič, Shevchenko,"
        "Zając, Nagy, Nowak-Baker, Ionescu, Brzęczyszczykiewicz",
    ),
    _of(
        3,
        "WROM",
        "Vanesa, Kamila, Ružena, Natália, Sára",
        "Marek, Erik, Patrik, Žaneto, Roman",
        "Pačan, Žiga, Horváth, Badžo, Gábor, Tancoš, Kaleja",
    ),
    _of(
        3,
        "CHNE",
        "Xin Yi, Hoi Ching, Mei-Ling, Yuk Ting, Zihan",
        "Chun Hei, Jun Jie, Ho Yin, Zixuan, Ka-Wai",
        "Chan, Lau, Cheung, Ng, Ouyang, Wong, Szeto, Li, Xu",
    ),
    _of(
        2,
        "AOTH",
        "Thuỳ Linh, Ngọc Ánh, Phương Anh, Zilan, Niloufar, Dilara, Shilan",
        "Minh Đức, Quốc Huy, Rebîn, Azad, Kiarash, Emirhan, Rawaz",
        "Nguyễn, Trần, Phạm, Yıldırım, Barzanî, Mohammadi, Çelik, Hosseini-Nejad, Öztürk",
    ),
    _of(
        2,
        "WOTH",
        "Inês, Beatriz, Francesca, Núria, Eléonore, Björk",
        "João, Tomás, Gonçalo, Matteo, Iñigo, Günther",
        "da Conceição, Gonçalves, D’Angelo, Muñoz-Castaño, Lefèvre, van der Meulen, Müller",
    ),
)
_WEIGHTS = tuple(community.weight for community in COMMUNITIES)


def some_community(lot: Random) -> Community:
    """A community, the large ones more often."""
    return lot.choices(COMMUNITIES, _WEIGHTS)[0]


def some_forename(lot: Random, community: Community, sex: str) -> str:
    """A forename; one child in twelve has two."""
    names = community.girls if sex == "F" else community.boys
    if lot.random() < 1 / 12:
        return " ".join(lot.sample(names, 2))
    return lot.choice(names)


def some_surname(lot: Random, community: Community) -> str:
    """A surname; one in fifteen joins two, from one community or from two."""
    surname = lot.choice(community.surnames)
    if lot.random() >= 1 / 15 or "-" in surname:
        return surname
    other = lot.choice((community, some_community(lot)))
    second = lot.choice(other.surnames)
    return surname if second == surname else f"{surname}-{second}"
