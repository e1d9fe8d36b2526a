"""Write a synthetic NanoAOD-like ROOT file: about 420 branches, half of them jagged over nine collections.

usage: make-nanoaod.py OUT.root EVENTS [COMPRESSION [SEED]]        needs: pip install uproot awkward numpy
  COMPRESSION   none, zlib, lz4, lzma or zstd, with an optional level (zlib-9); default zlib-1
  EVENTS        1,000 events make about 2.4 MB before compression

Memory stays bounded: events are made and written in clusters of 10,000. Nothing here is measured data. As in NanoAOD, floats
carry 8 to 12 bits of mantissa, most flags are rare, and integers are small, so that codecs have something to do.
"""
import sys

import awkward as ak
import numpy as np
import uproot

CLUSTER = 10_000
# name: mean multiplicity, (float, int, uint8, bool) columns
COLLECTIONS = {
    "Electron": (0.7, 26, 8, 4, 8),
    "Muon": (0.9, 24, 7, 4, 12),
    "Jet": (5.5, 22, 9, 2, 2),
    "FatJet": (0.6, 24, 4, 0, 0),
    "Tau": (0.8, 16, 4, 5, 4),
    "Photon": (0.9, 18, 5, 1, 5),
    "GenPart": (14.0, 4, 4, 0, 0),
    "SV": (1.2, 12, 1, 0, 0),
    "TrigObj": (6.0, 4, 4, 0, 0),
}
EVENT_FLOATS, EVENT_INTS, TRIGGERS = 60, 20, 120


def codec(text):
    name, _, level = text.partition("-")
    if name == "none":
        return None
    kind = {"zlib": uproot.ZLIB, "lz4": uproot.LZ4, "lzma": uproot.LZMA, "zstd": uproot.ZSTD}[name]
    return kind(int(level or 1))


def coarse(values, bits):
    """Rounds float32 to `bits` of mantissa, as NanoAOD's precision settings do."""
    drop = np.uint32(23 - bits)
    raw = values.astype(np.float32).view(np.uint32)
    return (((raw + (np.uint32(1) << (drop - np.uint32(1)))) >> drop) << drop).view(np.float32)


def floats(rng, index, n):
    """One of four shapes by column: falling, flat, peaked, mostly zero."""
    shape = index % 4
    if shape == 0:
        return coarse(rng.exponential(25, n) + 3, 10)
    if shape == 1:
        return coarse(rng.uniform(-np.pi, np.pi, n), 12)
    if shape == 2:
        return coarse(rng.normal(0, 0.05, n), 8)
    return coarse(np.where(rng.random(n) < 0.7, 0, rng.exponential(1, n)), 8)


def cluster(rng, events, first):
    out = {
        "run": np.full(events, 297050, np.uint32),
        "luminosityBlock": (np.arange(first, first + events) // 700 + 1).astype(np.uint32),
        "event": (np.arange(first, first + events, dtype=np.uint64) * 7 + 2**33),
        "genWeight": rng.normal(1, 0.1, events),
    }
    for i in range(EVENT_FLOATS):
        out[f"Event_float{i}"] = floats(rng, i, events)
    for i in range(EVENT_INTS):
        out[f"Event_int{i}"] = rng.poisson(3 + i, events).astype(np.int32)
    for i in range(TRIGGERS):
        out[f"HLT_path{i}"] = rng.random(events) < 0.3 / (i + 1)
    for name, (mean, f, i4, u1, b) in COLLECTIONS.items():
        counts = rng.poisson(mean, events)
        n = int(counts.sum())
        fields = {}
        for i in range(f):
            fields[("pt", "eta", "mass", "iso")[i] if i < 4 else f"f{i}"] = floats(rng, i, n)
        for i in range(i4):
            fields["charge" if i == 0 else f"i{i}"] = (
                rng.choice(np.array([-1, 1], np.int32), n) if i == 0 else rng.poisson(2 * i, n).astype(np.int32)
            )
        for i in range(u1):
            fields[f"u{i}"] = rng.integers(0, 4 + i, n, dtype=np.uint8)
        for i in range(b):
            fields[f"id{i}"] = rng.random(n) < 0.5 / (i + 1)
        out[name] = ak.zip({k: ak.unflatten(v, counts) for k, v in fields.items()})
    return out


def main(out, events, compression="zlib-1", seed=1):
    rng = np.random.default_rng(seed)
    with uproot.recreate(out, compression=codec(compression)) as file:
        tree = None
        for first in range(0, events, CLUSTER):
            data = cluster(rng, min(CLUSTER, events - first), first)
            if tree is None:
                types = {k: (v.type.content if isinstance(v, ak.Array) else v.dtype) for k, v in data.items()}
                tree = file.mktree("Events", types, counter_name=lambda name: "n" + name)
            tree.extend(data)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:4], *(int(s) for s in sys.argv[4:5]))
