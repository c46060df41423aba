"""Fits the polynomials of src/kernel/black76-coefficients.f64.ts, and prints them with their errors.

    python3 fit-black76.py         (needs mpmath; nothing else in the repository needs this script)

Minimax fits by exchange (Remez), in 70-digit arithmetic. The rational is fitted in w = (z − 3)/(z + 3), which spreads the
half-line evenly; its numerator has the factor 1 − w, so that it comes out one degree lower than the denominator, as the
tail does at infinity.
"""

from mpmath import atanh, cos, erfc, exp, log, lu_solve, matrix, mp, mpf, pi, polyval, sqrt

mp.dps = 70


def tail(z):
    return exp(z * z / 2) * erfc(z / sqrt(mpf(2))) / 2


def tail_weight(z):
    """Allowed relative error: absolute in the body, 300 times as much of itself far out, none at zero, where Y is 1/2."""
    return (z + mpf("0.0002")) / (z + mpf("0.2")) / (erfc(z / sqrt(mpf(2))) + mpf(1) / 300)


def between(low, high, count):
    return [(low + high) / 2 - (high - low) / 2 * cos(pi * i / (count - 1)) for i in range(count)]


def exchange(errors, grid, wanted):
    """Points of `grid` where the error is largest between its changes of sign; None when there are too few."""
    runs = [[0]]
    for i in range(1, len(grid)):
        if (errors[i] > 0) == (errors[runs[-1][-1]] > 0):
            runs[-1].append(i)
        else:
            runs.append([i])
    extremes = [max(run, key=lambda i: abs(errors[i])) for run in runs]
    while len(extremes) > wanted:
        extremes.pop(0 if abs(errors[extremes[0]]) < abs(errors[extremes[-1]]) else -1)
    return [grid[i] for i in extremes] if len(extremes) == wanted else None


def fit_polynomial(target, weight, degree, low, high):
    points, grid = between(low, high, degree + 2), between(low, high, 2000)
    for _ in range(15):
        rows, right = matrix(degree + 2), matrix(degree + 2, 1)
        for i, x in enumerate(points):
            for j in range(degree + 1):
                rows[i, j] = x**j
            rows[i, degree + 1] = (-1) ** i * weight(x)
            right[i] = target(x)
        solved = list(lu_solve(rows, right))[: degree + 1]
        errors = [(polyval(solved[::-1], x) - target(x)) / weight(x) for x in grid]
        points = exchange(errors, grid, degree + 2)
        if points is None:
            break
    return solved, max(abs(error) for error in errors)


def fit_tail(m, n, last, centre=mpf(3)):
    """Coefficients of numerator (degree m) and denominator (degree n) in z, and the weighted error."""
    z_of = lambda w: centre * (1 + w) / (1 - w)
    low, high = mpf(-1), (last - centre) / (last + centre)
    size = m + n + 2
    points, grid = between(low, high, size), between(low, high, 1500)
    error, denominator = mpf(0), [mpf(1)]
    best = None
    for turn in range(25):
        for _ in range(4 if turn < 6 else 2):
            rows, right = matrix(size), matrix(size, 1)
            for i, w in enumerate(points):
                y, sign = tail(z_of(w)), (-1) ** i * tail_weight(z_of(w))
                for j in range(m + 1):
                    rows[i, j] = (1 - w) * w**j
                for j in range(1, n + 1):
                    rows[i, m + j] = -y * (1 + sign * error) * w**j
                rows[i, m + n + 1] = -sign * y * polyval(denominator[::-1], w)
                right[i] = y * (1 + sign * error)
            solved = list(lu_solve(rows, right))
            numerator, denominator = solved[: m + 1], [mpf(1), *solved[m + 1 : m + n + 1]]
            error += solved[m + n + 1]
        ratio = lambda w: (1 - w) * polyval(numerator[::-1], w) / polyval(denominator[::-1], w)
        errors = [(ratio(w) / tail(z_of(w)) - 1) / tail_weight(z_of(w)) for w in grid]
        largest = max(abs(e) for e in errors)
        if best is None or largest < best[0]:
            best = (largest, numerator, denominator)
        points = exchange(errors, grid, size)
        if points is None:
            break
    largest, numerator, denominator = best
    with_factor = [a - b for a, b in zip([*numerator, mpf(0)], [mpf(0), *numerator])]
    p, q = in_z(with_factor, n, centre), in_z(denominator, n, centre)
    return [x / q[0] for x in p[: m + 1]], [x / q[0] for x in q], largest


def in_z(coefficients, degree, centre):
    """Of Σ c·((z − centre)/(z + centre))^j, times (z + centre)^degree, the coefficients by powers of z."""
    total = [mpf(0)] * (degree + 1)
    for j, coefficient in enumerate(coefficients):
        term = [mpf(1)]
        for sign in [-1] * j + [1] * (degree - j):
            term = [a * sign * centre + b for a, b in zip([*term, mpf(0)], [mpf(0), *term])]
        total = [a + coefficient * b for a, b in zip(total, term)]
    return total


def show(name, coefficients):
    for i, coefficient in enumerate(coefficients):
        text = repr(float(coefficient)).replace("e-0", "e-").removesuffix(".0")
        print(f"export const {name}{i}: number = {text};")


p, q, largest = fit_tail(8, 9, mpf(38))
print(f"tail: N(-z) within {mp.nstr(largest / 2, 3)}, of itself {mp.nstr(largest * 300, 3)}")
show("TAIL_P", p)
show("TAIL_Q", q)

s_max = mpf("0.2004")
atanh_rest = lambda z: mpf(2) / 3 if z < mpf(10) ** -20 else (2 * atanh(sqrt(z)) - 2 * sqrt(z)) / sqrt(z) ** 3
coefficients, largest = fit_polynomial(atanh_rest, lambda z: mpf(1), 6, mpf(0), s_max**2)
print(f"log: of itself {mp.nstr(largest * s_max**2 / 2, 3)}")
show("LOG_", coefficients)

exp_rest = lambda r: log(mpf(2)) if abs(r) < mpf(10) ** -30 else (mpf(2) ** r - 1) / r
exp_weight = lambda r: mpf(2) ** r / max(abs(r), mpf("0.02"))
coefficients, largest = fit_polynomial(exp_rest, exp_weight, 10, mpf("-0.5001"), mpf("0.5001"))
print(f"exp2: of itself {mp.nstr(largest, 3)}")
show("EXP2_", [mpf(1), *coefficients])
