"""What the customers of Halden Motion ask for, and how people speak about it."""

#: title ({n}: a number, {place}: see below), need, least and highest amount, tag
NEEDS = [
    (
        "Servo axes for packaging line {n}",
        "Replace 12 pneumatic axes by servo axes; cycle time below 1.8 s per carton.",
        18_000,
        74_000,
        "retrofit",
    ),
    (
        "Conveyor drives, hall {n}",
        "40 gear motors of the sorting hall are out of production. Frequency "
        "inverters with energy recovery, delivery in two lots.",
        24_000,
        96_000,
        "retrofit",
    ),
    (
        "Linear units for pick-and-place cell {n}",
        "Three-axis gantry, 900 mm stroke, 6 kg payload, clean room class 7.",
        9_000,
        32_000,
        "new_machine",
    ),
    (
        "Retrofit of paper winder {n}",
        "Tension control fails at high speed. New drive cabinet, re-use the motors.",
        32_000,
        118_000,
        "retrofit",
    ),
    (
        "Hygienic motors for filling line {n}",
        "Wash-down motors IP69K in stainless steel, no cooling fins, 24 pieces.",
        12_000,
        46_000,
        "food",
    ),
    (
        "Glass cutting table, {place}",
        "Synchronised portal axes, positioning to 0.05 mm, safety stop category 4.",
        15_000,
        52_000,
        "new_machine",
    ),
    (
        "Critical spares, {place}",
        "Critical spares for five lines, on the shelf two weeks before shutdown.",
        4_000,
        17_000,
        "urgent",
    ),
    (
        "Condition monitoring, {n}0 motors",
        "Vibration and temperature sensors with gateway; alarms to the maintenance "
        "system they already have.",
        6_500,
        28_000,
        "new_machine",
    ),
    (
        "Robot cell {n}: seventh axis",
        "Travel axis of 8 m for a 210 kg robot, covered rack, two carriages later.",
        21_000,
        63_000,
        "new_machine",
    ),
    (
        "Crane hoist upgrade, {place}",
        "Hoist control with sway damping; the crane cannot stop longer than a weekend.",
        14_000,
        58_000,
        "urgent",
    ),
    (
        "Maintenance contract, {place}",
        "Yearly inspection and 24 h spare parts for drives in three plants.",
        5_000,
        22_000,
        "service",
    ),
    (
        "Cutting line {n}: flying saw",
        "Flying saw for profiles, 60 m/min, cut length tolerance 0.3 mm.",
        26_000,
        82_000,
        "new_machine",
    ),
    (
        "Energy audit of pump station {n}",
        "Pumps run throttled all year. Speed control, pay-back below two years.",
        3_500,
        14_000,
        "service",
    ),
    (
        "Labelling machines, series {n}00",
        "Framework order: 30 machines a year with two servo axes each.",
        38_000,
        140_000,
        "new_machine",
    ),
    (
        "Quieter gearboxes, {place}",
        "Noise below 72 dB(A) at the operator's place, same flange.",
        7_000,
        24_000,
        "food",
    ),
    (
        "Test bench {n} for e-axles",
        "Load machine 160 kW, torque measuring flange, data to the customer's system.",
        44_000,
        135_000,
        "new_machine",
    ),
    (
        "Palletiser {n}: new control cabinet",
        "Controller is discontinued. Keep mechanics and sensors, convert the program, "
        "two days of standstill at most.",
        16_000,
        54_000,
        "retrofit",
    ),
    (
        "Stacker crane drives, {place}",
        "Four aisles, travel and hoist drives with absolute positioning.",
        36_000,
        112_000,
        "retrofit",
    ),
    (
        "Mixer motors, {place}",
        "Twelve mixers with soft start, explosion zone 22, one spare motor.",
        11_000,
        39_000,
        "food",
    ),
    (
        "Winding machine {n}: tension sensors",
        "Film tears at start-up. Load cells, amplifier and a day of tuning on site.",
        4_500,
        15_000,
        "urgent",
    ),
    (
        "Gantry for laser cell {n}",
        "Portal 4 x 2 m, dynamic 2 g, linear motors, covers against spatter.",
        41_000,
        128_000,
        "new_machine",
    ),
    (
        "Remote support, {place}",
        "Secure remote access to 20 drives and a hotline outside office hours.",
        3_000,
        11_000,
        "service",
    ),
]

PLACES = [
    "hall 1",
    "hall 3",
    "main plant",
    "night shift",
    "bottling",
    "dispatch",
    "paint shop",
    "raw materials",
    "cold store",
    "final assembly",
    "south plant",
    "press shop",
]

#: companies that wrote once and are no customers yet, with their city, by branch
PROSPECTS = {
    "hamburg": [
        ("Elbtal Recycling", "Dresden"),
        ("Brauhaus Sieben Linden", "Erfurt"),
        ("Kornmühle Wendland", "Dannenberg"),
        ("Spreewald Konserven", "Lübbenau"),
        ("Hansen Bootsbau", "Kiel"),
        ("Ziegelwerk Aller", "Celle"),
        ("Eifel Kunststofftechnik", "Mayen"),
        ("Siegerland Federn", "Siegen"),
    ],
    "nordics": [
        ("Dalarna Dörrar", "Borlänge"),
        ("Åland Havre", "Mariehamn"),
        ("Telemark Kabel", "Skien"),
        ("Fyn Gartneri", "Odense"),
        ("Bergslagen Smide", "Örebro"),
    ],
    "iberia": [
        ("Panadería La Marjal", "Gandia"),
        ("Juguetes Foia", "Ibi"),
        ("Mármoles Vinalopó", "Novelda"),
        ("Cerâmica do Vouga", "Aveiro"),
        ("Hielos Cantábrico", "Santander"),
    ],
    "east": [
        ("Tartak Bieszczady", "Sanok"),
        ("Młyn Nadodrze", "Brzeg"),
        ("Pivovar Sázava", "Benešov"),
        ("Kisalföld Malom", "Sopron"),
        ("Folie Mazury", "Ełk"),
    ],
}

CONTACTS = {
    "hamburg": ["Katrin Behrens", "Uwe Harms", "Sabine Krüger", "Henrik Jansen"],
    "nordics": ["Anna Sjöberg", "Lars Mikkelsen", "Ida Haugen", "Mats Wikström"],
    "iberia": ["Carmen Roig", "Javier Molina", "Teresa Pinto", "Andreu Ferrando"],
    "east": ["Tomasz Mazur", "Agnieszka Lis", "Petr Dvořák", "Zsófia Barta"],
}

ACTIVITIES = [
    ("mail.mail_activity_data_call", "Ask about the delivery window"),
    ("mail.mail_activity_data_call", "Call back after the internal budget round"),
    (
        "mail.mail_activity_data_meeting",
        "On-site measurement with application engineer",
    ),
    ("mail.mail_activity_data_email", "Send revised offer with two variants"),
    ("mail.mail_activity_data_todo", "Get torque curve checked by engineering"),
    ("mail.mail_activity_data_email", "Send reference of a similar line"),
    ("mail.mail_activity_data_meeting", "Demo of the commissioning tool"),
]

NOTES = [
    "Spoke with maintenance: the old drives fail about once a month.",
    "Purchasing compares us with two others, decision within the quarter.",
    "They liked the live demo; the plant manager wants the noise figures.",
    "Offer sent. Price is fine, delivery time is the open point.",
    "Site visit done: mounting space is tight, adapter plate needed.",
    "Budget is approved for this year, order expected before shutdown.",
]

#: why marketing says that a customer is theirs
CLAIMS = [
    "They signed in at our booth three weeks before the first call, see the sheet.",
    "Their plant manager took part in the webinar on cycle times in spring.",
    "The inquiry came through the retrofit newsletter, the link was ours.",
]

TOUCH_NOTES = {
    "web_form": "Asked for a quotation on the website",
    "demo": "Took part in a live demo",
    "call": "Called about the inquiry",
    "meeting": "Met at the plant",
    "email": "Answered the follow-up mail",
}
