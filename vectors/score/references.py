"""Value at risk and expected shortfall of small books by simulation, independent of the code that they judge.

Python with numpy and scipy: PCG64 and ziggurat normals, numpy's chi-square, one path a row, every position by its pay-off.
Standard errors: of the quantile by a kernel-free density from the order statistics 500 to either side, of the shortfall by
the deviation of max(loss - VaR, 0). Run:

    python3 vectors/score/references.py > vectors/parity/monte-carlo-var.json
"""

import json

import numpy as np
from scipy.special import ndtr

PATHS = 1 << 20
LEVELS = (0.95, 0.99, 0.995)


def black(cp, forward, strike, deviation):
    with np.errstate(divide="ignore", invalid="ignore"):
        d1 = np.log(forward / strike) / deviation + deviation / 2
        value = cp * (forward * ndtr(cp * d1) - strike * ndtr(cp * (d1 - deviation)))
    return np.where(deviation > 0, value, np.maximum(cp * (forward - strike), 0))


def losses(case, seed):
    random = np.random.Generator(np.random.PCG64(seed))
    size = len(case["assets"])
    z = random.standard_normal((PATHS, size)) @ np.linalg.cholesky(np.array(case["corr"])).T
    if case["dist"] == "student":
        z *= np.sqrt((case["nu"] - 2) / random.chisquare(case["nu"], PATHS))[:, None]
    moves = z * np.array(case["dailyVol"])
    z0 = random.standard_normal(PATHS)
    profit = np.zeros(PATHS)
    for position in case["positions"]:
        move = moves[:, case["assets"].index(position["asset"])]
        now, then = position["price"], position["price"] * np.exp(move)
        if position["kind"] == "linear":
            profit += position["qty"] * (then - now)
        elif position["kind"] == "inverse":
            profit += position["usd"] * (1 / now - 1 / then) * then
        else:
            cp = 1 if position["type"] == "call" else -1
            iv = np.maximum(0.01, position["iv"] * np.exp(case["volBeta"] * move + case["volVol"] * z0))
            left = max(position["T"] - 1 / 365, 0)
            before = black(cp, np.float64(now), position["K"], np.float64(position["iv"] * np.sqrt(position["T"])))
            profit += position["qty"] * (black(cp, then, position["K"], iv * np.sqrt(left)) - before)
    return np.sort(-profit)


def tail(sorted_losses, level):
    n = len(sorted_losses)
    var = np.quantile(sorted_losses, level)
    at = int(level * n)
    density = 1000 / n / (sorted_losses[at + 500] - sorted_losses[at - 500])
    over = np.maximum(sorted_losses - var, 0)
    return {
        "var": float(var),
        "varSE": float(np.sqrt(level * (1 - level) / n) / density),
        "es": float(sorted_losses[sorted_losses >= var].mean()),
        "esSE": float(over.std() / np.sqrt(n) / (1 - level)),
    }


TWO = {"assets": ["BTC", "ETH"], "corr": [[1, 0.8], [0.8, 1]], "dailyVol": [0.03, 0.045], "volBeta": -1.0, "volVol": 0.05}
CASES = [
    {
        **TWO,
        "dist": "normal",
        "name": "short strangle before expiry, hedged with a perpetual",
        "positions": [
            {"kind": "option", "asset": "BTC", "type": "call", "price": 100000, "K": 104000, "T": 3 / 365, "iv": 0.5, "qty": -10},
            {"kind": "option", "asset": "BTC", "type": "put", "price": 100000, "K": 96000, "T": 3 / 365, "iv": 0.55, "qty": -10},
            {"kind": "linear", "asset": "BTC", "price": 100000, "qty": 0.5},
        ],
    },
    {
        **TWO,
        "dist": "student",
        "nu": 4,
        "name": "inverse long against a linear short, four degrees",
        "positions": [
            {"kind": "inverse", "asset": "BTC", "price": 100000, "usd": 500000},
            {"kind": "linear", "asset": "ETH", "price": 4000, "qty": -80},
        ],
    },
    {
        **TWO,
        "dist": "student",
        "nu": 7,
        "name": "long put that expires within the day, seven degrees",
        "positions": [
            {"kind": "option", "asset": "ETH", "type": "put", "price": 4000, "K": 3900, "T": 0.5 / 365, "iv": 0.8, "qty": 100},
            {"kind": "linear", "asset": "ETH", "price": 4000, "qty": 60},
        ],
    },
]

if __name__ == "__main__":
    cases = []
    for seed, case in enumerate(CASES, 101):
        ordered = losses(case, seed)
        cases.append({"in": case, "paths": PATHS, "out": {str(level): tail(ordered, level) for level in LEVELS}})
    document = {
        "meta": {"source": "independent script, Python with numpy: vectors/score/references.py"},
        "sections": [
            {
                "id": "monte-carlo-var",
                "definition": "as the script; quantile of type 7, shortfall the mean of losses at or beyond it",
                "tolerance": "|yours - var| <= 4*sqrt(varSE^2 + yourSE^2); same for es",
                "cases": cases,
            }
        ],
    }
    print(json.dumps(document, indent=2))
