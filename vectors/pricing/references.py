"""Writes the reference values of this folder: every model from its definition, in 60-digit arithmetic.

    python3 references.py          (needs mpmath; nothing else in the repository needs this script)

Inputs are drawn from a fixed seed and rounded to short decimals; they are read as the float64 they denote, so a
reference is the exact answer to what a program was given. Answers have 17 significant digits.
"""

import json
import random

from mpmath import mp, mpf

mp.dps = 60
SOURCE = "references.py in this folder: the definition in 60-digit arithmetic (mpmath 1.3)"


def short(x, digits=6):
    return float(f"{x:.{digits}g}")


def out(x):
    return float(mp.nstr(x, 20, min_fixed=0, max_fixed=0))


def write(name, what, tolerance, **lists):
    rows = [f'  "what": {json.dumps(what)}', f'  "source": {json.dumps(SOURCE)}', f'  "tolerance": {json.dumps(tolerance)}']
    for key, cases in lists.items():
        rows.append(f'  "{key}": [\n' + ",\n".join("    " + json.dumps(case) for case in cases) + "\n  ]")
    with open(f"{name}.json", "w", encoding="utf-8") as file:
        file.write("{\n" + ",\n".join(rows) + "\n}\n")


def cdf(x):
    return mp.erfc(-mpf(x) / mp.sqrt(2)) / 2


def pdf(x):
    return mp.exp(-mpf(x) ** 2 / 2) / mp.sqrt(2 * mp.pi)


def quantile(p):
    p = mpf(p)
    tail = min(p, 1 - p)
    # ln N(-z) is close to a parabola: Newton from the left of it converges for every tail.
    z = mp.sqrt(-2 * mp.log(tail)) if tail < mpf("0.4") else mpf(1)
    for _ in range(200):
        step = (mp.log(cdf(-z)) - mp.log(tail)) * cdf(-z) / pdf(z)
        z += step
        if abs(step) < mpf(10) ** -50:
            break
    return -z if p < mpf("0.5") else z


def normal():
    rng = random.Random(20260101)
    xs = [0.0, 1e-300, 1e-8, -1e-8, 0.1, -0.1, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 5.0, -5.0, 6.5, -6.5, 8.3, -8.3]
    xs += [-10.0, -15.5, -20.0, -25.1, -30.3, -33.7, -36.9, -37.0, 37.0]
    xs += [rng.uniform(-9, 9) for _ in range(30)] + [rng.uniform(-37, -9) for _ in range(30)]
    ps = [5e-324, 1e-310, 1e-300, 1e-100, 1e-20, 1e-12, 1e-6, 0.001, 0.124, 0.125, 0.126, 0.25, 0.4999999, 0.5, 0.5000001]
    ps += [0.75, 0.875, 0.876, 0.99, 0.999999, 1 - 2**-40, 1 - 2**-53]
    ps += [rng.random() for _ in range(25)] + [10 ** rng.uniform(-300, -1) for _ in range(15)]
    write(
        "normal",
        "the standard normal distribution: cumulative, density, quantile",
        {"cumulative": "1e-15 absolute and 1e-13 relative", "density": "1e-13 relative", "quantile": "1e-12 max(1, |x|)"},
        cumulative=[{"x": x, "cumulative": out(cdf(x)), "density": out(pdf(x))} for x in xs],
        quantile=[{"probability": p, "x": out(quantile(p))} for p in ps],
    )


def black(type_, forward, strike, years, volatility, rate):
    """Price and greeks of Black's formula; the greeks by their closed forms, checked against differences below."""
    f, k, t, v, r = (mpf(x) for x in (forward, strike, years, volatility, rate))
    sign = 1 if type_ == "call" else -1
    s = v * mp.sqrt(t)
    d1 = mp.log(f / k) / s + s / 2
    d2 = d1 - s
    discount = mp.exp(-r * t)
    price = discount * sign * (f * cdf(sign * d1) - k * cdf(sign * d2))
    vega = discount * f * pdf(d1) * mp.sqrt(t)
    return {
        "price": price,
        "delta": discount * sign * cdf(sign * d1),
        "gamma": discount * pdf(d1) / (f * s),
        "vega": vega,
        "theta": r * price - discount * f * pdf(d1) * v / (2 * mp.sqrt(t)),
        "rho": -t * price,
        "vanna": -discount * pdf(d1) * d2 / v,
        "volga": vega * d1 * d2 / v,
    }


def check_black_greeks():
    """The closed forms are derivatives of the price: differentiate numerically at 60 digits."""
    f, k, t, v, r = 100.0, 110.0, 0.3, 0.6, 0.04
    value = lambda **at: black("put", *(mpf(at.get(n, x)) for n, x in (("f", f), ("k", k), ("t", t), ("v", v), ("r", r))))
    here = value()
    for greek, by, of in [
        ("delta", "f", "price"), ("gamma", "f", "delta"), ("vega", "v", "price"), ("rho", "r", "price"),
        ("vanna", "v", "delta"), ("volga", "v", "vega"),
    ]:
        base = {"f": f, "t": t, "v": v, "r": r}[by]
        slope = mp.diff(lambda x: value(**{by: x})[of], mpf(base))
        assert abs(slope - here[greek]) < mpf(10) ** -25, greek
    assert abs(-mp.diff(lambda x: value(t=x)["price"], mpf(t)) - here["theta"]) < mpf(10) ** -25


def black76():
    rng = random.Random(20260102)
    cases = []
    while len(cases) < 120:
        forward = short(10 ** rng.uniform(-2, 5), 7)
        years = short(10 ** rng.uniform(-5.5, 0.6), 6)
        volatility = short(10 ** rng.uniform(-1.7, 0.6), 5)
        strike = short(forward * float(mp.exp(rng.gauss(0, 1.5) * volatility * years**0.5)), 7)
        rate = rng.choice([0.0, short(rng.uniform(-0.02, 0.12), 3)])
        type_ = rng.choice(["call", "put"])
        cases.append((type_, forward, strike, years, volatility, rate))
    # A wing that only relative accuracy can see, a strike next to the money seconds before expiry, and a huge deviation.
    cases += [
        ("call", 100.0, 250.0, 0.01, 0.3, 0.0),
        ("put", 70000.0, 20000.0, 0.02, 0.5, 0.0),
        ("call", 70000.0, 70001.0, 1e-7, 0.4, 0.0),
        ("put", 70000.0, 69999.5, 3e-8, 0.9, 0.05),
        ("call", 100.0, 130.0, 9.0, 14.0, 0.0),
        ("put", 1e-9, 2e-9, 1.0, 1.1, 0.01),
        ("call", 3e12, 1e12, 2.0, 0.7, 0.03),
    ]
    rows = []
    for type_, forward, strike, years, volatility, rate in cases:
        given = {"type": type_, "forward": forward, "strike": strike, "expiryYears": years, "volatility": volatility, "rate": rate}
        rows.append({"in": given, "out": {key: out(value) for key, value in black(*given.values()).items()}})
    write(
        "black76",
        "Black 1976 with discounting: price, and derivatives by forward, volatility (per 1.00), years passed, rate (forward held)",
        {"price": "1e-14 max(forward, strike)", "delta": "1e-12 absolute", "others": "1e-9 relative or 1e-14 of their scale"},
        cases=rows,
    )


if __name__ == "__main__":
    check_black_greeks()
    normal()
    black76()
