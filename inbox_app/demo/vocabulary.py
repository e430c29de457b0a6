"""Names, places and figures that the invented past is made of."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Country:
    """Where a visitor writes from. `locale` as a browser tells it."""

    name: str
    locale: str
    time_zone: str
    dial: str
    towns: tuple[str, ...]
    people: tuple[str, ...]


COUNTRIES: Final = (
    Country(
        "Germany", "de-DE", "Europe/Berlin", "+49 1",
        ("Lübeck", "Kiel", "Bremen", "Schwerin", "Celle", "Husum"),
        ("Lena Vogt", "Jonas Brandt", "Katrin Seidel", "Malte Petersen", "Ayşe Demir", "Holger Timm", "Frieda Jansen",
         "Nils Ahrens", "Sabine Krüger", "Tobias Wendt", "Miriam Blum", "Uwe Lorenz"),
    ),
    Country(
        "France", "fr-FR", "Europe/Paris", "+33 6",
        ("Lille", "Rennes", "Nantes", "Annecy", "Colmar"),
        ("Claire Fontaine", "Julien Mercier", "Sophie Lambert", "Marc Delorme", "Inès Roussel", "Paul Girard",
         "Camille Aubert", "Hugo Perrin"),
    ),
    Country(
        "United Kingdom", "en-GB", "Europe/London", "+44 7",
        ("York", "Norwich", "Exeter", "Stirling", "Kendal"),
        ("Harriet Cole", "Owen Pritchard", "Priya Nair", "Callum Fraser", "Gemma Walsh", "Tom Ashworth", "Zoe Bennett",
         "Alistair Reid", "Nadia Hussain", "George Whitby"),
    ),
    Country(
        "Netherlands", "nl-NL", "Europe/Amsterdam", "+31 6",
        ("Zwolle", "Haarlem", "Breda"),
        ("Sanne de Vries", "Bram Hoekstra", "Lotte Visser", "Daan Kuipers", "Femke Postma"),
    ),
    Country(
        "Denmark", "da-DK", "Europe/Copenhagen", "+45 2",
        ("Odense", "Ribe", "Aarhus"),
        ("Mette Lund", "Rasmus Holm", "Freja Dahl", "Anders Juhl"),
    ),
    Country(
        "Austria", "de-AT", "Europe/Vienna", "+43 66",
        ("Graz", "Linz", "Bregenz"),
        ("Theresa Huber", "Lukas Moser", "Eva Steindl", "Florian Egger"),
    ),
    Country(
        "Ireland", "en-IE", "Europe/Dublin", "+353 8",
        ("Galway", "Cork", "Sligo"),
        ("Aoife Byrne", "Conor Daly", "Niamh Kearney", "Sean Doyle"),
    ),
)  # fmt: skip

CUSTOMERS: Final = {  # by language of the country
    "de": ("Hofladen Petersen", "Tischlerei Wendt", "Weingut Huber", "Kita Sonnenblume", "Brauhaus Lorenz"),
    "fr": ("Atelier Lambert", "Camping Les Pins", "Boulangerie Aubert"),
    "en": ("Bakery Cole & Sons", "Studio Nair", "Garage Doyle", "Whitby Orchard"),
    "nl": ("Kliniek Visser", "Fietsen Kuipers"),
    "da": ("Dahl Architects",),
}
INSTALLERS: Final = {
    "de": ("Elektro Ahrens", "Solar Moser", "Elektro Timm"), "fr": ("Mercier Énergie",), "en": ("Fraser Electrical",),
    "nl": ("Hoekstra Installatie",), "da": ("Holm El-Service",),
}  # fmt: skip
JOBS: Final = ("Owner", "Facility manager", "Office manager", "Head of purchasing", "Architect", "Energy consultant",
               "Managing director", "Bookkeeper", "Engineer")  # fmt: skip
INSTALLER_JOBS: Final = ("Master electrician", "Managing director", "Project lead", "Purchasing")
MAILBOXES: Final = ("posthorn.example", "mail.example", "brieftaube.example", "inbox.example")
BROWSERS: Final = ("Chrome", "Chrome", "Chrome", "Safari", "Safari", "Firefox", "Edge")
REFERRERS: Final = ("", "", "https://www.google.com/", "https://www.google.com/", "https://duckduckgo.com/",
                    "https://www.solar-forum.example/thread/4711", "https://news.nordlicht.example/spring",
                    "https://www.linkedin.com/")  # fmt: skip
SITE: Final = "https://www.nordlicht.example"
PAGES: Final = ("/", "/batteries", "/batteries/10", "/batteries/15", "/how", "/questions", "/roof-check",
                "/stories/family-brandt", "/downloads", "/contact")  # fmt: skip

FORMS: Final = ("Roof check", "Price list", "Callback", "Newsletter", "Brochure Nordlicht 10")
EMAILS: Final = ("Your roof, calculated", "What a battery does in winter", "New: the reserve for power cuts",
                 "Your invoice", "Spring prices", "How the Brandts live with 90 % sun")  # fmt: skip
MOMENTS: Final = ("Looked at prices three times in a week", "Downloaded the manual of the 15",
                  "Came back after 60 days", "Compared the 10 and the 15", "Visited the show room")  # fmt: skip

CARS: Final = {"en": ("Kona", "Zoe", "ID.3", "Model 3", "Leaf"), "fr": ("Zoe", "e-208", "Mégane électrique")}
DAYS: Final = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi"),
}
STREETS: Final = ("Lindenweg 14", "Mühlenstraße 3", "Harbour Road 27", "Kirkegade 8")
HERE_IS_MY_CALENDAR: Final = {
    "en": ("Shall we go through it on the phone? Here is my calendar.", "Pick a time that suits you, and I call you."),
    "fr": ("Voici mon agenda, choisissez l'heure qui vous convient.", "On en parle au téléphone ? Voici mon agenda."),
}
BOOKED: Final = {
    "en": ("Done, talk to you then!", "I took one, thanks", "Booked, that was easy"),
    "fr": ("C'est réservé, merci !", "J'ai choisi, à bientôt"),
}
GOODBYES: Final = {
    "en": ("Have a good day.", "Have a sunny day.", "You are welcome. Bye for now.",
           "Good. I close the chat here, write again whenever you like.", "All the best from Lübeck."),
    "fr": ("Bonne journée.", "Avec plaisir. À bientôt.", "Très bien, je ferme la conversation ici. Bonne journée."),
}  # fmt: skip
ARE_YOU_THERE: Final = {
    "en": ("Are you still there?", "Shall I leave it there for today?"), "fr": ("Êtes-vous toujours là ?",)
}  # fmt: skip
LEFT_MESSAGES: Final = (
    "Nobody was there just now. Please call me back tomorrow, best after 5 pm.",
    "I would like an offer for a Nordlicht 10, about 4,500 kWh a year. Please write to me.",
    "Could you send me the manual of the 15 as a PDF? Thanks.",
)
