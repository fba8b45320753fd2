# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What the customers of Halden Motion ask for, and how people speak about it."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: title ({n}: a number, {place}: see below), need, least and highest amount, tag
NEEDS = [
    (
        _lt("Servo axes for packaging line {n}"),
        _lt(
            "Replace 12 pneumatic axes by servo axes; cycle time below 1.8 s per carton."
        ),
        18_000,
        74_000,
        "retrofit",
    ),
    (
        _lt("Conveyor drives, hall {n}"),
        _lt(
            "40 gear motors of the sorting hall are out of production. Frequency "
            "inverters with energy recovery, delivery in two lots."
        ),
        24_000,
        96_000,
        "retrofit",
    ),
    (
        _lt("Linear units for pick-and-place cell {n}"),
        _lt("Three-axis gantry, 900 mm stroke, 6 kg payload, clean room class 7."),
        9_000,
        32_000,
        "new_machine",
    ),
    (
        _lt("Retrofit of paper winder {n}"),
        _lt(
            "Tension control fails at high speed. New drive cabinet, re-use the motors."
        ),
        32_000,
        118_000,
        "retrofit",
    ),
    (
        _lt("Hygienic motors for filling line {n}"),
        _lt("Wash-down motors IP69K in stainless steel, no cooling fins, 24 pieces."),
        12_000,
        46_000,
        "food",
    ),
    (
        _lt("Glass cutting table, {place}"),
        _lt(
            "Synchronised portal axes, positioning to 0.05 mm, safety stop category 4."
        ),
        15_000,
        52_000,
        "new_machine",
    ),
    (
        _lt("Critical spares, {place}"),
        _lt("Critical spares for five lines, on the shelf two weeks before shutdown."),
        4_000,
        17_000,
        "urgent",
    ),
    (
        _lt("Condition monitoring, {n}0 motors"),
        _lt(
            "Vibration and temperature sensors with gateway; alarms to the maintenance "
            "system they already have."
        ),
        6_500,
        28_000,
        "new_machine",
    ),
    (
        _lt("Robot cell {n}: seventh axis"),
        _lt(
            "Travel axis of 8 m for a 210 kg robot, covered rack, two carriages later."
        ),
        21_000,
        63_000,
        "new_machine",
    ),
    (
        _lt("Crane hoist upgrade, {place}"),
        _lt(
            "Hoist control with sway damping; the crane cannot stop longer than a weekend."
        ),
        14_000,
        58_000,
        "urgent",
    ),
    (
        _lt("Maintenance contract, {place}"),
        _lt("Yearly inspection and 24 h spare parts for drives in three plants."),
        5_000,
        22_000,
        "service",
    ),
    (
        _lt("Cutting line {n}: flying saw"),
        _lt("Flying saw for profiles, 60 m/min, cut length tolerance 0.3 mm."),
        26_000,
        82_000,
        "new_machine",
    ),
    (
        _lt("Energy audit of pump station {n}"),
        _lt("Pumps run throttled all year. Speed control, pay-back below two years."),
        3_500,
        14_000,
        "service",
    ),
    (
        _lt("Labelling machines, series {n}00"),
        _lt("Framework order: 30 machines a year with two servo axes each."),
        38_000,
        140_000,
        "new_machine",
    ),
    (
        _lt("Quieter gearboxes, {place}"),
        _lt("Noise below 72 dB(A) at the operator's place, same flange."),
        7_000,
        24_000,
        "food",
    ),
    (
        _lt("Test bench {n} for e-axles"),
        _lt(
            "Load machine 160 kW, torque measuring flange, data to the customer's system."
        ),
        44_000,
        135_000,
        "new_machine",
    ),
    (
        _lt("Palletiser {n}: new control cabinet"),
        _lt(
            "Controller is discontinued. Keep mechanics and sensors, convert the program, "
            "two days of standstill at most."
        ),
        16_000,
        54_000,
        "retrofit",
    ),
    (
        _lt("Stacker crane drives, {place}"),
        _lt("Four aisles, travel and hoist drives with absolute positioning."),
        36_000,
        112_000,
        "retrofit",
    ),
    (
        _lt("Mixer motors, {place}"),
        _lt("Twelve mixers with soft start, explosion zone 22, one spare motor."),
        11_000,
        39_000,
        "food",
    ),
    (
        _lt("Winding machine {n}: tension sensors"),
        _lt(
            "Film tears at start-up. Load cells, amplifier and a day of tuning on site."
        ),
        4_500,
        15_000,
        "urgent",
    ),
    (
        _lt("Gantry for laser cell {n}"),
        _lt("Portal 4 x 2 m, dynamic 2 g, linear motors, covers against spatter."),
        41_000,
        128_000,
        "new_machine",
    ),
    (
        _lt("Remote support, {place}"),
        _lt("Secure remote access to 20 drives and a hotline outside office hours."),
        3_000,
        11_000,
        "service",
    ),
]

PLACES = [
    _lt("hall 1"),
    _lt("hall 3"),
    _lt("main plant"),
    _lt("night shift"),
    _lt("bottling"),
    _lt("dispatch"),
    _lt("paint shop"),
    _lt("raw materials"),
    _lt("cold store"),
    _lt("final assembly"),
    _lt("south plant"),
    _lt("press shop"),
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
    (_lt("Ask about the delivery window"), "mail.mail_activity_data_call"),
    (_lt("Call back after the internal budget round"), "mail.mail_activity_data_call"),
    (
        _lt("On-site measurement with application engineer"),
        "mail.mail_activity_data_meeting",
    ),
    (_lt("Send revised offer with two variants"), "mail.mail_activity_data_email"),
    (_lt("Get torque curve checked by engineering"), "mail.mail_activity_data_todo"),
    (_lt("Send reference of a similar line"), "mail.mail_activity_data_email"),
    (_lt("Demo of the commissioning tool"), "mail.mail_activity_data_meeting"),
]

NOTES = [
    _lt("Spoke with maintenance: the old drives fail about once a month."),
    _lt("Purchasing compares us with two others, decision within the quarter."),
    _lt("They liked the live demo; the plant manager wants the noise figures."),
    _lt("Offer sent. Price is fine, delivery time is the open point."),
    _lt("Site visit done: mounting space is tight, adapter plate needed."),
    _lt("Budget is approved for this year, order expected before shutdown."),
]

#: why marketing says that a customer is theirs
CLAIMS = [
    _lt(
        "They signed in at our booth three weeks before the first call, see the sheet."
    ),
    _lt("Their plant manager took part in the webinar on cycle times in spring."),
    _lt("The inquiry came through the retrofit newsletter, the link was ours."),
]

TOUCH_NOTES = {
    "web_form": _lt("Asked for a quotation on the website"),
    "demo": _lt("Took part in a live demo"),
    "call": _lt("Called about the inquiry"),
    "meeting": _lt("Met at the plant"),
    "email": _lt("Answered the follow-up mail"),
}

#: what has a name that is not translated: named when the demo is made
NAMES = {
    "utm_medium_booth_demo": _lt("Fair booth"),
    "utm_medium_live_demo_demo": _lt("Live demo"),
    "utm_medium_paid_search_demo": _lt("Paid search"),
    "utm_source_fair_demo": _lt("Motion & Drives Fair"),
    "utm_source_webinar_demo": _lt("Webinar"),
    "utm_source_partner_demo": _lt("Partner Network"),
}
