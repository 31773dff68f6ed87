"""Writes btyd-reference.csv: the purchase models by their papers' closed forms, in 60 digits (mpmath 1.3).

BG/NBD: Fader, Hardie and Lee (2005), equations (6), (7) and (10). MBG/NBD: Batislam, Denizel and Filiztekin (2007). Pareto/NBD: Fader and Hardie
(2005), "A Note on Deriving the Pareto/NBD Model", equations (17) to (22), (36) and (41). No purchase in h weeks: 1 - P(alive) (1 - P(none | alive)).
"""
from mpmath import mp, mpf, gamma, hyp2f1, log, power

mp.dps = 60
HISTORIES = [(0, 0, 0), (0, 0, "0.14"), (0, 0, 38.86), (1, 1, 1), (2, "30.43", "38.86"), (7, 20, "38.86"), (26, 30, 31), (26, "0.86", 31),
             (123, "76.71", "77.14"), (124, 20, "77.14"), (162, 70, 78), (900, 100, 120)]
HORIZONS = [1, "25.714285714285714", 39, 260]
BETA = [("0.243", "4.414", "0.793", "2.426"), ("0.688", "9.566", "0.1489", "3.2129"), ("0.8666", "9.7298", "1e-6", "1e-5"), (2, 30, "1.7", "0.4"), (40, 300, 12, 55)]
PARETO = [("0.553", "10.578", "0.606", "11.669"), ("0.7525", "10.774", "250.6", "100000"), ("0.8666", "9.73", "1e-6", 1), (2, 20, 3, 4), ("0.3", "0.5", "0.4", 90)]


def beta_geometric(params, history, h, first):
    r, alpha, a, b = params
    x, tx, age = history
    k = x + first
    odds = a / (b + k - 1) * power((alpha + age) / (alpha + tx), r + x) if k > 0 else mpf(0)
    likelihood = (gamma(r + x) / gamma(r) * power(alpha, r) * gamma(b + k) / gamma(b) * gamma(a + b) / gamma(a + b + k)
                  * power(alpha + age, -(r + x)) * (1 + odds))
    alive = 1 / (1 + odds)
    f = hyp2f1(r + x, b + k, a + b + k - 1, h / (alpha + age + h))
    expected = alive * (a + b + k - 1) / (a - 1) * (1 - power((alpha + age) / (alpha + age + h), r + x) * f)
    none = 1 - alive * (1 - power((alpha + age) / (alpha + age + h), r + x))
    return log(likelihood), alive, expected, none


def dropout(r, alpha, s, beta, x, start, end):
    """s times the integral over the moment of dropout, from start to end."""
    big, other = (alpha, s + 1) if alpha >= beta else (beta, r + x)
    at = lambda t: hyp2f1(r + s + x, other, r + s + x + 1, abs(alpha - beta) / (big + t)) / power(big + t, r + s + x)
    return s / (r + s + x) * (at(start) - at(end))


def pareto(params, history, h):
    r, alpha, s, beta = params
    x, tx, age = history
    stays = power(alpha + age, -(r + x)) * power(beta + age, -s)
    gone = dropout(r, alpha, s, beta, x, tx, age)
    likelihood = gamma(r + x) / gamma(r) * power(alpha, r) * power(beta, s) * (stays + gone)
    alive = stays / (stays + gone)
    expected = alive * (r + x) * (beta + age) / ((alpha + age) * (s - 1)) * (1 - power((beta + age) / (beta + age + h), s - 1))
    r1, alpha1, beta1 = r + x, alpha + age, beta + age
    none = power(alpha1, r1) * power(beta1, s) * (power(alpha1 + h, -r1) * power(beta1 + h, -s) + dropout(r1, alpha1, s, beta1, 0, 0, h))
    return log(likelihood), alive, expected, 1 - alive * (1 - none)


with open("btyd-reference.csv", "w", newline="\n") as out:
    out.write("model,p1,p2,p3,p4,x,t_x,T,h,log_likelihood,alive,expected,no_purchase\n")
    for model, parameters in (("bg", BETA), ("mbg", BETA), ("pareto", PARETO)):
        for params in parameters:
            for i, history in enumerate(HISTORIES):
                h = HORIZONS[i % len(HORIZONS)]
                p, y, z = [mpf(v) for v in params], [mpf(v) for v in history], mpf(h)
                values = pareto(p, y, z) if model == "pareto" else beta_geometric(p, y, z, int(model == "mbg"))
                out.write(",".join([model, *map(str, params), *map(str, history), str(h), *(mp.nstr(v, 17) for v in values)]) + "\n")
