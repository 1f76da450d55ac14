"""Models of several kinds with the words that they were made from, for the pages that show them."""

from __future__ import annotations

from typing import Any

KILN: dict[str, Any] = {
    "title": "Kiln on Monday",
    "text": "The kiln fires the vases, the tiles and the bowls one batch after the other, in any "
    "order. All batches should be out of the kiln as early as possible. The bowls are dry only "
    "after 2 hours.",
    "cir": {
        "sets": [{"name": "Batches", "elements": ["vases", "tiles", "bowls"]}],
        "parameters": [
            {
                "name": "hours",
                "over": ["Batches"],
                "unit": "hour",
                "value": {"kind": "dense", "values": [5, 3, 4]},
            }
        ],
        "decisions": [
            {
                "name": "lit",
                "over": ["Batches"],
                "upper": 24,
                "unit": "hour",
                "meaning": "when a batch is put into the kiln",
            }
        ],
        "rules": [
            {
                "id": "one_at_a_time",
                "archetype": "no_overlap_on_a_machine",
                "quote": "The kiln fires the vases, the tiles and the bowls one batch after the "
                "other, in any order.",
                "operands": {"start": "lit", "duration": "hours", "jobs": "Batches"},
            },
            {
                "id": "over",
                "archetype": "makespan_measure",
                "operands": {"finishes": "[lit[b] + hours[b] for b in Batches]"},
                "outputs": {"makespan": "end"},
            },
            {
                "id": "dry",
                "quote": "The bowls are dry only after 2 hours.",
                "operands": {"relation": 'lit["bowls"] >= 2'},
            },
        ],
        "objectives": [
            {
                "sense": "min",
                "expr": "end",
                "unit": "hour",
                "meaning": "end of the last batch",
                "quote": "All batches should be out of the kiln as early as possible.",
            }
        ],
    },
}
TOUR: dict[str, Any] = {
    "title": "The mobile library",
    "text": "The mobile library leaves the depot, calls at every village once and comes back in "
    "one round trip. The trip should be as short as possible.",
    "cir": {
        "sets": [
            {"name": "Places", "elements": ["depot", "Aram", "Bree", "Cole", "Dorn"]},
            {"name": "Villages", "elements": ["Aram", "Bree", "Cole", "Dorn"]},
        ],
        "parameters": [
            {
                "name": "km",
                "over": ["Places", "Places"],
                "unit": "km",
                "value": {
                    "kind": "dense",
                    "values": [
                        [0, 4, 9, 8, 5],
                        [4, 0, 3, 9, 7],
                        [9, 3, 0, 4, 8],
                        [8, 9, 4, 0, 3],
                        [5, 7, 8, 3, 0],
                    ],
                },
            }
        ],
        "decisions": [
            {
                "name": "drives",
                "over": ["Places", "Places"],
                "domain": "binary",
                "meaning": "whether the library drives straight from one place to another",
            },
            {
                "name": "turn",
                "over": ["Villages"],
                "domain": "integer",
                "lower": 1,
                "upper": 4,
                "meaning": "number of a village along the trip",
            },
        ],
        "rules": [
            {
                "id": "every_place",
                "archetype": "visit_each_once",
                "quote": "calls at every village once",
                "operands": {"leg": "drives", "places": "Places", "stops": "Places"},
            },
            {
                "id": "one_trip",
                "archetype": "subtour_elimination",
                "quote": "comes back in one round trip",
                "operands": {
                    "leg": "drives",
                    "places": "Places",
                    "base": '["depot"]',
                    "number": "turn",
                },
            },
        ],
        "objectives": [
            {
                "sense": "min",
                "expr": "sum(km[i,j]*drives[i,j] for i in Places for j in Places)",
                "unit": "km",
                "meaning": "length of the trip",
            }
        ],
    },
}
WINERY: dict[str, Any] = {
    "title": "A year of the cellar",
    "text": "Each month between nothing and 30 barrels of red and of white are pressed. What is "
    "not sold stays in the cellar, which holds 40 barrels in all. Pressing costs differ by month; "
    "a barrel in the cellar costs 2 euros a month. Keep the costs low.",
    "cir": {
        "sets": [
            {
                "name": "Months",
                "kind": "time",
                "elements": [1, 2, 3, 4, 5, 6],
            },
            {"name": "Wines", "elements": ["red", "white"]},
        ],
        "parameters": [
            {
                "name": "sold",
                "over": ["Wines", "Months"],
                "unit": "barrel",
                "value": {
                    "kind": "dense",
                    "values": [[10, 14, 8, 22, 30, 12], [6, 9, 18, 25, 10, 16]],
                },
            },
            {
                "name": "cost",
                "over": ["Months"],
                "unit": "euro/barrel",
                "value": {"kind": "dense", "values": [40, 44, 39, 55, 60, 48]},
            },
        ],
        "decisions": [
            {
                "name": "press",
                "over": ["Wines", "Months"],
                "upper": 30,
                "unit": "barrel",
                "meaning": "barrels pressed",
            },
            {
                "name": "cellar",
                "over": ["Wines", "Months"],
                "unit": "barrel",
                "meaning": "barrels in the cellar at the end of a month",
            },
        ],
        "rules": [
            {
                "id": "stays",
                "archetype": "inventory_balance",
                "quote": "What is not sold stays in the cellar",
                "forall": "for w in Wines",
                "operands": {
                    "stock": "[cellar[w,t] for t in Months]",
                    "inflow": "[press[w,t] for t in Months]",
                    "outflow": "[sold[w,t] for t in Months]",
                    "periods": "Months",
                },
            },
            {
                "id": "room",
                "archetype": "capacity_limit",
                "quote": "the cellar, which holds 40 barrels in all",
                "forall": "for t in Months",
                "operands": {"use": "sum(cellar[w,t] for w in Wines)", "limit": "40"},
            },
        ],
        "objectives": [
            {
                "sense": "min",
                "expr": "sum(cost[t]*press[w,t] + 2*cellar[w,t] for w in Wines for t in Months)",
                "unit": "euro",
                "meaning": "total cost",
                "quote": "Keep the costs low.",
            }
        ],
    },
}
PRESS: dict[str, Any] = {
    "title": "A press",
    "text": "A press prints posters and cards. A poster earns 3 dollars and a card earns 1 dollar. "
    "At least 5 posters must be printed. Make the profit as large as possible.",
    "cir": {
        "decisions": [
            {"name": "posters", "domain": "integer", "meaning": "posters printed"},
            {"name": "cards", "domain": "integer", "meaning": "cards printed"},
        ],
        "rules": [
            {
                "id": "order",
                "quote": "At least 5 posters must be printed.",
                "operands": {"relation": "posters >= 5"},
            }
        ],
        "objectives": [
            {"sense": "max", "expr": "3*posters + cards", "meaning": "profit", "unit": "dollar"}
        ],
    },
}
LORRY: dict[str, Any] = {
    "title": "A lorry",
    "text": "A lorry carries at most 12 tons. A pallet of tiles weighs 950 kg and earns 70 euros. "
    "A pallet of cement weighs 1400 kg and earns 110 euros. How many pallets of each should be "
    "loaded to maximize the earnings?",
    "cir": {
        "decisions": [
            {"name": "tiles", "domain": "integer"},
            {"name": "cement", "domain": "integer"},
        ],
        "rules": [
            {
                "id": "load",
                "quote": "A lorry carries at most 12 tons.",
                "operands": {"relation": "950*tiles + 1400*cement <= 12000"},
            }
        ],
        "objectives": [{"sense": "max", "expr": "70*tiles + 110*cement"}],
    },
}
SHOPS: dict[str, Any] = {
    "title": "Demand of the shops",
    "text": "Each shop gets what it needs at the least cost.",
    "tables": {"shops": {"shop": ["Oslo", "Berlin", "Vienna"], "demand": [30, 45, None]}},
    "cir": {
        "sets": [{"name": "Shops", "table": {"table": "shops", "columns": ["shop"]}}],
        "parameters": [
            {
                "name": "demand",
                "over": ["Shops"],
                "value": {
                    "kind": "table",
                    "table": "shops",
                    "keys": ["shop"],
                    "value": "demand",
                },
            }
        ],
        "decisions": [{"name": "send", "over": ["Shops"], "meaning": "pallets sent"}],
        "rules": [
            {
                "id": "needs",
                "quote": "Each shop gets what it needs",
                "forall": "for s in Shops",
                "operands": {"relation": "send[s] >= demand[s]"},
            }
        ],
        "objectives": [{"sense": "min", "expr": "sum(send[s] for s in Shops)", "meaning": "cost"}],
    },
}
_NASTY = '<script>alert("x")</script>'
HOSTILE: dict[str, Any] = {
    "title": f"{_NASTY}<img src=x onerror=alert(1)>",
    "text": f"At most 40 {_NASTY} fit. \" ' & </textarea></script><!-- {{{{ 7*7 }}}} "
    + "w" * 900
    + " <a href='javascript:alert(1)'>go</a>",
    "tables": {
        "rows": [{"name": f"{_NASTY}{n}", "amount": n} for n in range(5000)],
    },
    "cir": {
        "title": _NASTY,
        "sets": [
            {"name": "Things", "elements": [_NASTY, "</script><b>b", "\\href{javascript:1}{x}"]}
        ],
        "decisions": [
            {
                "name": "x",
                "over": ["Things"],
                "upper": 7,
                "unit": "<i>kg</i>",
                "meaning": f"{_NASTY} amounts",
            }
        ],
        "rules": [
            {
                "id": "fit",
                "quote": f"At most 40 {_NASTY} fit.",
                "operands": {"relation": "sum(x[t] for t in Things) <= 40"},
            },
            {
                "id": "label",
                "operands": {"relation": 'x["\\\\href{javascript:1}{x}"] <= 3'},
            },
        ],
        "objectives": [
            {"sense": "max", "expr": "sum(x[t] for t in Things)", "meaning": f"{_NASTY}"}
        ],
    },
}
EVERY = (KILN, TOUR, WINERY, PRESS, LORRY, SHOPS, HOSTILE)
