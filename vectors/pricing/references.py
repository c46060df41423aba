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


def elementary():
    rng = random.Random(20260100)
    powers = [0.0, 1.0, -1.0, 1e-20, -1e-9, 0.34657, -0.34658, 709.5, -708.3] + [rng.uniform(-708, 709) for _ in range(40)]
    powers += [rng.uniform(-3, 3) for _ in range(20)]
    ratios = [(1.0, 1.0), (70000.0, 70000.000000000015), (1.0, 0.75), (1.375, 1.0), (1e-30, 1e30), (2**0.5, 1.0), (1.0, 2**0.5)]
    ratios += [(10 ** rng.uniform(-30, 30), 10 ** rng.uniform(-30, 30)) for _ in range(25)]
    for _ in range(25):
        forward = 10 ** rng.uniform(-2, 5)
        ratios.append((forward, forward * (1 + rng.gauss(0, 1) * 10 ** rng.uniform(-14, 0) / 4)))
    write(
        "elementary",
        "the exponential and the logarithm of a quotient",
        {"exponential": "2.3e-16 relative", "logRatio": "4.5e-16 relative"},
        exponential=[{"x": x, "exponential": out(mp.exp(mpf(x)))} for x in powers],
        logRatio=[{"numerator": a, "denominator": b, "logRatio": out(mp.log(mpf(a) / mpf(b)))} for a, b in ratios],
    )


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
        {"cumulative": "2e-16 absolute and 3e-15 relative", "density": "3e-15 relative", "quantile": "2e-15 max(1, |x|)"},
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
        {"price": "1e-15 max(forward, strike), and 2e-12 relative out of the money", "delta": "1e-12 absolute", "others": "1e-9 relative or 1e-14 of their scale"},
        cases=rows,
    )


def undiscounted(type_, forward, strike, deviation):
    sign = 1 if type_ == "call" else -1
    d1 = mp.log(forward / strike) / deviation + deviation / 2
    return sign * (forward * cdf(sign * d1) - strike * cdf(sign * (d1 - deviation)))


def implied_volatility():
    """The answer is the input: the price of a known volatility, rounded once to a float64."""
    rng = random.Random(20260103)
    cases = []
    while len(cases) < 70:
        years = short(10 ** rng.uniform(-5.3, 0.6), 6)
        volatility = short(10 ** rng.uniform(-1.5, 1.2), 6)
        forward = short(10 ** rng.uniform(-2, 5), 7)
        reach = rng.choice([0, 1, 3, 8, 20, 36])
        strike = short(forward * float(mp.exp(rng.uniform(-reach, reach) * volatility * years**0.5)), 8)
        if not 1e-30 < strike < 1e30:
            continue
        # Out of the money, where the price says something about the volatility.
        type_ = "call" if strike >= forward else "put"
        price = undiscounted(type_, mpf(forward), mpf(strike), mpf(volatility) * mp.sqrt(mpf(years)))
        given = {"type": type_, "forward": forward, "strike": strike, "expiryYears": years, "price": out(price)}
        cases.append({"in": given, "out": {"volatility": volatility}})
    write(
        "implied-volatility",
        "the volatility of an undiscounted Black-76 price out of the money, from next to the money to 36 deviations away",
        {"volatility": "the relative error of the price (1e-14 next to the money, 2e-12 at 36 deviations) times price over vega"},
        cases=cases,
    )


def spot_option(type_, spot, strike, years, volatility, rate, carry):
    forward = spot * mp.exp((rate - carry) * years)
    return mp.exp(-rate * years) * undiscounted(type_, forward, strike, volatility * mp.sqrt(years))


def slope(function, arguments, at):
    """The derivative by one of the arguments, numerically."""
    return mp.diff(lambda x: function(*arguments[:at], x, *arguments[at + 1 :]), arguments[at])


def black_scholes():
    rng = random.Random(20260104)
    rows = []
    for _ in range(30):
        spot = short(10 ** rng.uniform(-1, 5), 7)
        years = short(10 ** rng.uniform(-2.5, 0.5), 5)
        volatility = short(rng.uniform(0.1, 2), 4)
        strike = short(spot * float(mp.exp(rng.gauss(0, 1) * volatility * years**0.5)), 6)
        rate, carry = short(rng.uniform(-0.02, 0.12), 3), short(rng.uniform(-0.05, 0.08), 3)
        type_ = rng.choice(["call", "put"])
        numbers = tuple(mpf(x) for x in (spot, strike, years, volatility, rate, carry))
        price = lambda *at: spot_option(type_, *at)
        answers = {
            "price": price(*numbers),
            "delta": slope(price, numbers, 0),
            "gamma": mp.diff(lambda x: price(x, *numbers[1:]), numbers[0], 2),
            "vega": slope(price, numbers, 3),
            "theta": -slope(price, numbers, 2),
            "rho": slope(price, numbers, 4),
            "carryRho": slope(price, numbers, 5),
        }
        given = {"type": type_, "spot": spot, "strike": strike, "expiryYears": years, "volatility": volatility}
        rows.append({"in": {**given, "rate": rate, "carryYield": carry}, "out": {k: out(v) for k, v in answers.items()}})
    write(
        "black-scholes",
        "European option on a spot price; greeks by numerical differentiation of the price",
        {"price": "1e-14 max(spot, strike)", "greeks": "1e-10 relative"},
        cases=rows,
    )


def inverse_option():
    rng = random.Random(20260105)
    rows = []
    for _ in range(30):
        forward = short(10 ** rng.uniform(-1, 5), 7)
        years = short(10 ** rng.uniform(-4, 0.5), 5)
        volatility = short(rng.uniform(0.2, 2), 4)
        strike = short(forward * float(mp.exp(rng.gauss(0, 1.2) * volatility * years**0.5)), 6)
        type_ = rng.choice(["call", "put"])
        numbers = tuple(mpf(x) for x in (forward, strike, years, volatility))
        dollars = lambda f, k, t, v: undiscounted(type_, f, k, v * mp.sqrt(t))
        coins = lambda f, k, t, v: dollars(f, k, t, v) / f
        answers = {
            "price": coins(*numbers),
            "delta": slope(dollars, numbers, 0),
            "netDelta": numbers[0] * slope(coins, numbers, 0),
            "slope": slope(coins, numbers, 0),
            "gamma": mp.diff(lambda x: dollars(x, *numbers[1:]), numbers[0], 2),
            "vega": slope(coins, numbers, 3),
            "theta": -slope(coins, numbers, 2),
        }
        given = {"type": type_, "forward": forward, "strike": strike, "expiryYears": years, "volatility": volatility}
        rows.append({"in": given, "out": {k: out(v) for k, v in answers.items()}})
    write(
        "inverse-option",
        "coin-settled European option on one coin; greeks by numerical differentiation of the coin price",
        {"price": "1e-14 absolute", "deltas": "1e-12 absolute", "others": "1e-10 relative"},
        cases=rows,
    )


def lookback():
    """From the distribution of the extreme (reflection principle), integrated numerically."""
    rng = random.Random(20260106)
    shapes = [(style, type_) for style in ("floating", "fixed") for type_ in ("call", "put")]
    rows = []
    for at in range(40):
        style, type_ = shapes[at % 4]
        on_minimum = (style == "floating") == (type_ == "call")
        spot = short(10 ** rng.uniform(0, 5), 6)
        years = short(rng.uniform(0.01, 1.5), 4)
        volatility = short(rng.uniform(0.08, 1.6), 3)
        rate = short(rng.uniform(0, 0.1), 3)
        # A cost of carry of nothing, and next to nothing, is where the closed form is delicate.
        carry = [rate, rate + 1e-9, short(rng.uniform(-0.02, 0.08), 3)][at // 4 % 3]
        beyond = float(mp.exp(abs(rng.gauss(0, 0.7)) * volatility * years**0.5))
        extreme = short(spot / beyond, 6) if on_minimum else short(spot * beyond, 6)
        extreme = min(extreme, spot) if on_minimum else max(extreme, spot)
        strike = short(spot * float(mp.exp(rng.gauss(0, 0.8) * volatility * years**0.5)), 6)
        s0, m0, k0, t, v, r, q = (mpf(x) for x in (spot, extreme, strike, years, volatility, rate, carry))
        drift, s = r - q - v * v / 2, v * mp.sqrt(t)
        side = 1 if on_minimum else -1

        def passed(x):
            """P(the extreme of ln S/S0 goes beyond x): x ≤ 0 on the minimum, x ≥ 0 on the maximum."""
            mirrored = mp.exp(2 * drift * x / v**2) * cdf(side * (x + drift * t) / s)
            return cdf(side * (x - drift * t) / s) + mirrored

        def beyond_level(level):
            """E[(level − minimum)⁺] or E[(maximum − level)⁺] of what the price still does, by y = S0·e^x."""
            x0 = mp.log(level / s0)
            steps = [x0 - side * s * j for j in (0, 1, 2, 4, 7, 11, 16)]
            return s0 * side * -sum(
                mp.quad(lambda x: passed(x) * mp.exp(x), [near, far]) for near, far in zip(steps, steps[1:])
            )

        if style == "fixed":
            level = min(k0, m0) if on_minimum else max(k0, m0)
            value = abs(k0 - level) + beyond_level(level)
        else:
            value = side * (s0 * mp.exp((r - q) * t) - m0) + beyond_level(m0)
        given = {"style": style, "type": type_, "spot": spot, "extreme": extreme, "expiryYears": years}
        given |= {"volatility": volatility, "rate": rate, "carryYield": carry}
        given |= {"strike": strike} if style == "fixed" else {}
        rows.append({"in": given, "out": {"price": out(mp.exp(-r * t) * value)}})
    write(
        "lookback",
        "lookback options, continuously watched: the payoff over the distribution of the extreme, integrated numerically",
        {"price": "3e-14 relative"},
        cases=rows,
    )


def geometric_asian():
    """The payoff over the normal distribution of the logarithm of the mean, integrated numerically."""
    rng = random.Random(20260107)
    rows = []
    for at in range(30):
        spot = short(10 ** rng.uniform(0, 5), 6)
        years = short(rng.uniform(0.02, 1.2), 4)
        volatility = short(rng.uniform(0.1, 1.5), 3)
        strike = short(spot * float(mp.exp(rng.gauss(0, 0.7) * volatility * (years / 3) ** 0.5)), 6)
        rate, carry = short(rng.uniform(0, 0.1), 3), short(rng.uniform(-0.02, 0.08), 3)
        type_ = rng.choice(["call", "put"])
        given = {"type": type_, "spot": spot, "strike": strike, "expiryYears": years, "volatility": volatility}
        given |= {"rate": rate, "carryYield": carry}
        s0, k0, t, v, r, q = (mpf(x) for x in (spot, strike, years, volatility, rate, carry))
        drift = r - q - v * v / 2
        if at % 3 == 0:
            mean, variance = mp.log(s0) + drift * t / 2, v * v * t / 3
        else:
            fixings = sorted({short(rng.uniform(0.05, 1) * years, 4) for _ in range(rng.randrange(1, 12))})
            fixings = [min(x, years) for x in fixings]
            past = [short(spot * float(mp.exp(rng.gauss(0, 0.1))), 6) for _ in range(3)] if at % 3 == 2 else []
            count = len(fixings) + len(past)
            times = [mpf(x) for x in fixings]
            known = sum((mp.log(mpf(x)) for x in past), mpf(0))
            mean = (known + sum(mp.log(s0) + drift * x for x in times)) / count
            variance = v * v * sum(min(x, y) for x in times for y in times) / mpf(count) ** 2
            given["fixingYears"] = fixings
            if past:
                geometric = out(mp.exp(known / len(past)))
                # The mean as it is handed over is a float: the reference takes that one.
                mean += (len(past) * mp.log(mpf(geometric)) - known) / count
                given["fixed"] = {"count": len(past), "geometricMean": geometric}
        s = mp.sqrt(variance)
        edge = (mp.log(k0) - mean) / s
        payoff = lambda x: (mp.exp(mean + s * x) - k0) * (1 if type_ == "call" else -1) * pdf(x)
        bounds = [edge + x for x in (0, 1, 2, 4, 8, 12, 18)] if type_ == "call" else [edge - x for x in (18, 12, 8, 4, 2, 1, 0)]
        if type_ == "call":
            bounds[-1] = max(bounds[-1], mpf(25))
        else:
            bounds[0] = min(bounds[0], mpf(-25))
        rows.append({"in": given, "out": {"price": out(mp.exp(-r * t) * mp.quad(payoff, bounds))}})
    write(
        "geometric-asian",
        "options on a geometric mean, continuous or at fixings, some of them past: the payoff integrated numerically",
        {"price": "1e-12 relative or 1e-15 max(spot, strike)"},
        cases=rows,
    )


def svi():
    rng = random.Random(20260108)
    rows = []
    for _ in range(25):
        smile = {
            "a": short(rng.uniform(0.001, 0.2), 5), "b": short(rng.uniform(0.01, 0.9), 4),
            "rho": short(rng.uniform(-0.95, 0.95), 4), "m": short(rng.uniform(-0.3, 0.3), 4),
            "sigma": short(10 ** rng.uniform(-2, -0.2), 4),
        }
        a, b, rho, m, sigma = (mpf(x) for x in smile.values())
        variance = lambda k: a + b * (rho * (k - m) + mp.sqrt((k - m) ** 2 + sigma**2))
        at = short(rng.uniform(-1.2, 1.2), 5)
        k = mpf(at)
        w, w1, w2 = variance(k), mp.diff(variance, k), mp.diff(variance, k, 2)
        g = (1 - k * w1 / (2 * w)) ** 2 - w1**2 / 4 * (1 / w + mpf(1) / 4) + w2 / 2
        answers = {"totalVariance": w, "slope": w1, "curvature": w2, "durrleman": g}
        rows.append({"in": {"smile": smile, "logMoneyness": at}, "out": {k: out(v) for k, v in answers.items()}})
    write(
        "svi",
        "raw SVI: total variance, its derivatives (numerically) and Durrleman's g",
        {"all": "1e-13 of 1 + the answer"},
        cases=rows,
    )


if __name__ == "__main__":
    check_black_greeks()
    elementary()
    normal()
    black76()
    implied_volatility()
    black_scholes()
    inverse_option()
    lookback()
    geometric_asian()
    svi()
