"""What the eight queries give over the bundled sample, by plain loops over what uproot reads: python3 examples/adl/expected.py"""
import json
import math
from collections import Counter
from itertools import combinations
from pathlib import Path

import uproot

here = Path(__file__).parent
names = ["MET_pt", "MET_phi"]
names += [f"{p}_{q}" for p in ("Muon", "Electron") for q in ("pt", "eta", "phi", "mass", "charge")]
names += [f"Jet_{q}" for q in ("pt", "eta", "phi", "mass", "btagDeepB")]
with uproot.open(here / "../../samples/events.root") as file:
    events = file["Events"].arrays(names).to_list()


def momentum(pt, eta, phi, mass):
    px, py, pz = pt * math.cos(phi), pt * math.sin(phi), pt * math.sinh(eta)
    return px, py, pz, math.sqrt(px * px + py * py + pz * pz + mass * mass)


def total(particles):
    return [math.fsum(parts) for parts in zip(*(momentum(p["pt"], p["eta"], p["phi"], p["mass"]) for p in particles))]


def mass(particles):
    px, py, pz, e = total(particles)
    return math.sqrt(max(0, e * e - px * px - py * py - pz * pz))


def difference(a, b):
    d = abs(a - b) % (2 * math.pi)
    return min(d, 2 * math.pi - d)


def particles(event, kind, *more):
    quantities = ["pt", "eta", "phi", "mass", *more]
    columns = [event[f"{kind}_{q}"] for q in quantities]
    return [dict(zip(quantities, values), flavour=kind, i=i) for i, values in enumerate(zip(*columns))]


tasks = [Counter() for _ in range(8)]
tags = {}
for event in events:
    met = event["MET_pt"]
    jets = particles(event, "Jet", "btagDeepB")
    muons = particles(event, "Muon", "charge")
    leptons = muons + particles(event, "Electron", "charge")
    tasks[0][met // 10 * 10] += 1
    for jet in jets:
        tasks[1][jet["pt"] // 10 * 10] += 1
        if abs(jet["eta"]) < 1:
            tasks[2][jet["pt"] // 10 * 10] += 1
    if sum(jet["pt"] > 40 for jet in jets) >= 2:
        tasks[3][met // 10 * 10] += 1
    if any(a["charge"] != b["charge"] and 60 <= mass([a, b]) <= 120 for a, b in combinations(muons, 2)):
        tasks[4][met // 10 * 10] += 1
    if len(jets) >= 3:
        best = min(combinations(jets, 3), key=lambda three: abs(mass(three) - 172.5))
        px, py, *_ = total(best)
        at = math.hypot(px, py) // 20 * 20
        tasks[5][at] += 1
        tags[at] = max([tags.get(at, -math.inf), *(jet["btagDeepB"] for jet in best)])
    far = [
        jet["pt"]
        for jet in jets
        if jet["pt"] > 30
        and not any(
            l["pt"] > 10 and math.hypot(jet["eta"] - l["eta"], difference(jet["phi"], l["phi"])) < 0.4 for l in leptons
        )
    ]
    if far:
        tasks[6][math.fsum(far) // 20 * 20] += 1
    pairs = [
        (a, b) for a, b in combinations(leptons, 2) if a["flavour"] == b["flavour"] and a["charge"] != b["charge"]
    ]
    if len(leptons) >= 3 and pairs:
        pair = min(pairs, key=lambda two: abs(mass(two) - 91.2))
        lead = max((l for l in leptons if l not in pair), key=lambda l: l["pt"])
        angle = difference(event["MET_phi"], lead["phi"])
        tasks[7][math.sqrt(2 * met * lead["pt"] * (1 - math.cos(angle))) // 10 * 10] += 1

rows = [[[at, n] for at, n in sorted(task.items())] for task in tasks]
for row in rows[5]:
    row.append(tags[row[0]])
lines = ",\n".join(f"  {json.dumps(task)}" for task in rows)
(here / "expected.json").write_text(f"[\n{lines}\n]\n")
