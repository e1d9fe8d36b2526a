"""Writes test/registry/elementary.tsv: arguments of the elementary functions, and the nearest double with the distance of the true value from it.

Needs mpmath. Columns: function, x, y, nearest double, (true value - nearest) in units of its last place.
"""
import math, random, sys
import mpmath as m

random.seed(7)
m.mp.prec = 1600
names = 'acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp log log10 log2 pow sin sinh tan tanh'.split()

def value(name, x, y):
    if name == 'atan2': return m.atan2(x, y)
    if name == 'pow': return m.power(x, y)
    if name == 'log2': return m.log(x) / m.log(2)
    if name == 'cbrt': return m.sign(x) * m.cbrt(abs(x))
    return getattr(m, name)(x)

def argument(name):
    scale = random.choice([1, 10, 100, 1000, 1e6, 1e-3, 0.5, 2, 1e22, 1e300])
    x = random.uniform(-1, 1) * scale
    if name in ('asin', 'acos', 'atanh'): return random.uniform(-1, 1) * random.choice([1, 0.5, 0.1, 1e-6])
    if name in ('log', 'log2', 'log10', 'pow'): return abs(x)
    if name == 'acosh': return 1 + abs(x)
    if name in ('exp', 'sinh', 'cosh'): return random.uniform(-1, 1) * random.choice([1, 0.3, 10, 700])
    return x

for name in names:
    count = 0
    while count < 40:
        x, y = argument(name), random.uniform(-1, 1) * random.choice([1, 3, 30])
        true = value(name, m.mpf(x), m.mpf(y))
        if not isinstance(true, m.mpf) or abs(true) > 1e308 or abs(true) < 1e-300: continue
        near = float(true)
        print(name, repr(x), repr(y), repr(near), f'{float((true - m.mpf(near)) / m.mpf(math.ulp(near))):.3f}', sep='\t')
        count += 1
