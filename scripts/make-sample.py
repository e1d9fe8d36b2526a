"""Write samples/events.root: a small NanoAOD-like file of synthetic events, its tree under cycle 75.

usage: make-sample.py [OUT.root] [EVENTS]        needs: pip install uproot awkward numpy

Nothing here is measured data: flat angles, falling transverse momenta, one dimuon resonance near 91 GeV.
"""
import os
import sys

import awkward as ak
import numpy as np
import uproot

out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", "samples", "events.root")
events = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
rng = np.random.default_rng(75)
f4 = np.float32


def particles(mean_count, pt_scale, eta_max, masses=None):
    counts = rng.poisson(mean_count, events)
    total = int(counts.sum())

    def jagged(values):
        return ak.unflatten(values, counts)

    fields = {
        "pt": jagged(np.sort(rng.exponential(pt_scale, total) + 3)[::-1].astype(f4)[rng.permutation(total)]),
        "eta": jagged(rng.uniform(-eta_max, eta_max, total).astype(f4)),
        "phi": jagged(rng.uniform(-np.pi, np.pi, total).astype(f4)),
        "mass": jagged((rng.exponential(8, total) if masses is None else np.full(total, masses)).astype(f4)),
    }
    return counts, total, jagged, fields


def resonance(fields, counts, charge):
    """Turn the first two muons of every third two-muon event into a pair of opposite charge near 91 GeV."""
    pt, eta, phi = (ak.to_list(fields[k]) for k in ("pt", "eta", "phi"))
    for i in range(0, events, 3):
        if counts[i] < 2:
            continue
        target = rng.normal(91.2, 2.5)
        eta[i][0], eta[i][1] = rng.uniform(-1.5, 1.5, 2)
        phi[i][1] = (phi[i][0] + np.pi + rng.normal(0, 0.2) + np.pi) % (2 * np.pi) - np.pi
        pt[i][0] = float(rng.uniform(30, 60))
        spread = np.cosh(eta[i][0] - eta[i][1]) - np.cos(phi[i][0] - phi[i][1])
        pt[i][1] = target**2 / (2 * pt[i][0] * spread)
        charge[i][0], charge[i][1] = 1, -1
    for key, values in (("pt", pt), ("eta", eta), ("phi", phi)):
        fields[key] = ak.values_astype(ak.Array(values), f4)
    return fields, ak.values_astype(ak.Array(charge), np.int32)


n_mu, total_mu, jag_mu, mu = particles(1.4, 20, 2.4, 0.105658)
mu, charge = resonance(mu, n_mu, ak.to_list(jag_mu(rng.choice(np.array([-1, 1], np.int32), total_mu))))
mu["charge"] = charge
mu["dzErr"] = jag_mu(rng.exponential(0.01, total_mu).astype(f4))
mu["tightId"] = jag_mu(rng.random(total_mu) < 0.7)
n_el, total_el, jag_el, el = particles(0.6, 18, 2.5, 0.000511)
el["charge"] = jag_el(rng.choice(np.array([-1, 1], np.int32), total_el))
n_jet, total_jet, jag_jet, jet = particles(4.2, 35, 4.7)
jet["btagDeepB"] = jag_jet(rng.beta(0.5, 2, total_jet).astype(f4))
jet["puId"] = jag_jet(rng.choice(np.array([0, 4, 6, 7], np.int32), total_jet))
branches = {
    "run": rng.choice(np.array([297050, 297056, 297100], np.uint32), events),
    "luminosityBlock": rng.integers(1, 400, events, dtype=np.uint32),
    "event": rng.integers(1, 2**40, events, dtype=np.uint64),
    "Muon": ak.zip(mu),
    "Electron": ak.zip(el),
    "Jet": ak.zip(jet),
    "MET_pt": rng.gamma(2.0, 18.0, events).astype(f4),
    "MET_phi": rng.uniform(-np.pi, np.pi, events).astype(f4),
    "PV_npvs": rng.poisson(30, events).astype(np.int32),
    "genWeight": rng.normal(1, 0.1, events),
    "HLT_IsoMu24": rng.random(events) < 0.4,
}

with uproot.recreate(out, compression=uproot.ZLIB(6)) as file:
    tree = file.mktree("Events", {k: (v.type if isinstance(v, ak.Array) else v.dtype) for k, v in branches.items()}, title="synthetic events", counter_name=lambda name: "n" + name)
    for start in range(0, events, 500):
        tree.extend({k: v[start : start + 500] for k, v in branches.items()})

# The key's cycle, twice in the file (in the directory listing and before the object itself), is a plain big-endian 16-bit field.
data = bytearray(open(out, "rb").read())
place, changed = 0, 0
while (place := data.find(b"\x05TTree\x06Events", place + 1)) >= 0:
    # TKey: … fKeylen(2) fCycle(2) fSeekKey(8) fSeekPdir(8) fClassName: uproot writes 8-byte seeks.
    cycle = place - 18
    if data[cycle : cycle + 2] == b"\x00\x01":
        data[cycle : cycle + 2] = (75).to_bytes(2, "big")
        changed += 1
assert changed >= 2, changed
open(out, "wb").write(data)
check = uproot.open(out)
assert check.keys() == ["Events;75"], check.keys()
print(out, os.path.getsize(out), "bytes", check["Events"].num_entries, "events", len(check["Events"].keys()), "branches")
