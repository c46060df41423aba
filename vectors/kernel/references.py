"""Writes black76-deviation.json: undiscounted prices from the definition, in 60-digit arithmetic.

    python3 references.py          (needs mpmath; nothing else in the repository needs this script)

Inputs are short decimals, read as the float64 they denote; answers have 17 significant digits. Besides the usual range
it draws what a stressed market can hold: strikes far away, almost no deviation, more deviation than anything has.
"""

import json
import math
import random

from mpmath import mp, mpf

mp.dps = 60


def short(x, digits=6):
    return float(f"{x:.{digits}g}")


def cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def call(forward, strike, deviation):
    forward, strike, s = mpf(forward), mpf(strike), mpf(deviation)
    d1 = mp.log(forward / strike) / s + s / 2
    return forward * cdf(d1) - strike * cdf(d1 - s)


def case(forward, strike, deviation):
    price = call(forward, strike, deviation)
    put = price - mpf(forward) + mpf(strike)
    return {"forward": forward, "strike": strike, "deviation": deviation, "call": float(price), "put": float(put)}


rng = random.Random(1976)
cases = [case(100.0, 100.0, s) for s in (1e-9, 1e-4, 0.01, 0.3, 1.0, 5.0, 20.0, 64.0)]
cases += [case(100.0, 100.0000001, s) for s in (1e-12, 1e-9, 1e-6, 0.1)]
cases += [case(65000.0, k, s) for k in (1.0, 30000.0, 150000.0, 1e7) for s in (0.02, 0.7, 9.0)]
for _ in range(40):  # what is listed
    forward = short(10 ** rng.uniform(-1, 5))
    cases.append(case(forward, short(forward * math.exp(rng.uniform(-1.5, 1.5))), short(10 ** rng.uniform(-2, 0.5))))
for _ in range(40):  # what is not
    forward = short(10 ** rng.uniform(-8, 8))
    cases.append(case(forward, short(forward * math.exp(rng.uniform(-12, 12))), short(10 ** rng.uniform(-3, 1.8))))

with open("black76-deviation.json", "w", encoding="utf-8") as file:
    head = {
        "what": "Black 1976 undiscounted, by forward, strike and deviation (volatility times the root of years)",
        "source": "references.py in this folder: the definition in 60-digit arithmetic (mpmath 1.3)",
        "tolerance": "1e-15 max(forward, strike)",
    }
    rows = ",\n".join("    " + json.dumps(row) for row in cases)
    file.write(json.dumps(head, indent=2)[:-2] + ',\n  "cases": [\n' + rows + "\n  ]\n}\n")
