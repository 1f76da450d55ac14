"""Closed word lists the reader leans on; data only, so that the rules stay readable."""

from __future__ import annotations

UNITS = frozenset(
    "kg g mg t lb lbs oz ton tons tonne tonnes gram grams kilogram kilograms pound pounds ounce "
    "ounces s sec second seconds min mins minute minutes h hr hrs hour hours day days week weeks "
    "month months year years quarter quarters shift shifts km m cm mm mile miles meter meters "
    "metre metres kilometer kilometers centimeter centimeters inch inches foot feet ft yard yards "
    "acre acres hectare hectares ha liter liters litre litres l ml gallon gallons barrel barrels "
    "bushel bushels watt watts kw kwh mw mwh gw gwh mb gb tb mbps gbps tbps dollar dollars cent "
    "cents euro euros yuan yen rupee rupees usd eur gbp cny rmb people person unit units piece "
    "pieces item items box boxes calories kcal degree degrees men women children mg/day km/h mph "
    "block blocks point points time times dozens pairs pair".split()
)
"""Unit names and counted nouns that are taken as a unit at sight, in lower case."""

FUNCTION_WORDS = frozenset(
    "a an the this that these those it its they them their he she his her we us our you your i "
    "and or but nor so yet if when while where as than then because although though since until "
    "unless whether of in on at by to from for with without within into onto over under above "
    "below between among through during before after up down out off per about around across "
    "is are was were be been being am has have had do does did can could may might must shall "
    "should will would not no only also both either neither each every any all some most more "
    "less fewer other others another such same which who whom whose what how why there here "
    "respectively costs cost costing yields yield requires require required needs need needed "
    "takes take produces produce gives give makes make uses use used can't cannot plus minus "
    "times including excluding and/or versus vs equals equal greater smaller larger higher lower "
    "carries holds contains consists provides offers sells buys earns works working made sold "
    "available at least exactly maximum minimum total find determine".split()
)
"""Words that cannot be a unit or a counted noun."""

SKIPPED_BEFORE_UNIT = frozenset(
    "more additional fewer extra different other total less available of".split()
)
"""Words that may stand between a number and what it counts, and that the unit leaves out."""

MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)

PERIODS = frozenset("day days week weeks month months year years hour hours shift time".split())
"""Periods: a number after them may count something else ("in a working day 8 hours")."""

LABEL_NOUNS = frozenset(
    "type table figure machine city period product center centre station week day month year "
    "stage step job task node item facility department district site chapter section part route "
    "zone region store warehouse customer supplier factory worker project investment phase "
    "group category grade level class scenario rule option line field hub cluster equation "
    "exercise problem question chemical hospital platform tank oven mill truck vehicle car crew "
    "team time workshop procedure material component ingredient location area depot port "
    "retailer dc distributor program activity operation resource equipment server processor "
    "aircraft flight gate berth generator bin container pattern arc edge vertex ring shift slot "
    "room court nurse doctor student teacher employee variable constraint parameter scene case "
    "series method formula version example appendix row column division branch tier band asset "
    "bond reservoir river dam turbine boiler reactor pump pipeline terminal airport bus lane "
    "drone robot cell parcel county village town candidate "
    "pill food feed drug vitamin brand recipe blend alloy crop seed fertilizer fabric design "
    "style medicine supplement package bundle meal dish cake toy shop stand paint fuel ore oil "
    "gas wine".split()
)
"""Nouns whose following integer is a name in ordinary problem texts."""

VERB_LABEL_NOUNS = frozenset(
    "process stock contract house train market model batch block fund track well plant farm "
    "mine host stop".split()
)
"""Nouns that are verbs too: `process 30 orders`, but `Process 2` and `plant 4 needs`."""

VERBS = frozenset(
    "is are was were has have had can could may might must should shall will would needs "
    "requires takes produces uses costs yields makes gives provides holds carries sells".split()
)
"""Verbs that show the word before the number to be a name."""

IRREGULAR_PLURALS = frozenset(
    "people men women children feet teeth geese mice oxen sheep fish aircraft cattle deer "
    "criteria staff personnel vertices".split()
)
