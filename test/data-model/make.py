"""Write the ROOT files of the data-model tests, and the values uproot sees in them.

usage: make.py          needs: pip install uproot awkward numpy
Writes files/NAME.root and expected.json beside itself. Three files that differ on purpose: branches, types, cycles, trees.
"""
import json
import math
import os

import awkward as ak
import numpy as np
import uproot

here = os.path.dirname(os.path.abspath(__file__))
os.makedirs(os.path.join(here, "files"), exist_ok=True)


def lists(values, kind):
    return ak.values_astype(ak.Array(values), kind)


def kind_of(values):
    return values.type.content if isinstance(values, ak.Array) else np.dtype((values.dtype, values.shape[1:]))


def write(name, trees, patches=()):
    """Trees of one path get cycles from 1; patches (equal lengths) are made in the uncompressed bytes."""
    path = os.path.join(here, "files", name + ".root")
    with uproot.recreate(path, compression=None) as file:
        for tree, *baskets in trees:
            written = file.mktree(tree, {k: kind_of(v) for k, v in baskets[0].items()}, title=f"{tree} of {name}")
            for basket in baskets:
                written.extend(basket)
    with open(path, "rb") as file:
        data = file.read()
    for old, new, count in patches:
        assert len(old) == len(new) and data.count(old) == count, (old, data.count(old))
        data = data.replace(old, new)
    with open(path, "wb") as file:
        file.write(data)


def cycle(path, old, new):
    """The key of a tree: … fCycle(2) fSeekKey(8) fSeekPdir(8) fClassName fName; in the listing and before the object."""
    name = b"\x05TTree" + bytes([len(path)]) + path.encode()
    with open(os.path.join(here, "files", "c.root"), "rb") as file:
        data = bytearray(file.read())
    place, changed = 0, 0
    while (place := data.find(name, place + 1)) >= 0:
        if data[place - 18 : place - 16] == old.to_bytes(2, "big"):
            data[place - 18 : place - 16] = new.to_bytes(2, "big")
            changed += 1
    assert changed >= 2
    with open(os.path.join(here, "files", "c.root"), "wb") as file:
        file.write(data)


# Events;1 and Events;2, a nested tree of the same name, names that differ in case, system names that are taken.
write("a", [
    ("Events", {"n": np.array([1, 2], "i2"), "stale": np.array([1.5, 2.5], "f4")}),
    ("Events",
     {"n": np.array([-3, 7, 32767], "i2"), "x": np.array([0.5, math.nan, 1.25], "f4"), "u": np.array([0, 2**64 - 1, 5], "u8"),
      "l": lists([[1, 2], [], [3]], "int16"), "ab": np.array([10, 20, 30], "i4"), "Ab": np.array([11, 21, 31], "i4"),
      "Mixed": np.array([1, 2, 3], "i4"), "only_a": np.array([100, 200, 300], "i8"), "only_a_list": lists([[1.5], [], [2.5, 3.5]], "float32")},
     {"n": np.array([5, 5], "i2"), "x": np.array([math.inf, -1], "f4"), "u": np.array([2**63, 1], "u8"),
      "l": lists([[4], [5, 6]], "int16"), "ab": np.array([40, 50], "i4"), "Ab": np.array([41, 51], "i4"),
      "Mixed": np.array([4, 5], "i4"), "only_a": np.array([400, 500], "i8"), "only_a_list": lists([[], [4.5]], "float32")}),
    ("dir/Events", {"y": np.arange(4.0)}),
    ("taken", {"event_id": np.array([7, 8, 9], "i4"), "_file": np.array([1, 2, 3], "i4")}),
    ("empty", {"z": np.zeros(0, "f4")}),
])
# Events;2 alone at the highest, wider numbers, without only_a; repeated branch names and text that is no UTF-8.
write("b", [
    ("Events", {"n": np.array([9], "i8")}),
    ("Events", {"n": np.array([70000, -70000], "i4"), "x": np.array([1e300, 0.25], "f8"), "u": np.array([3, 4], "u4"),
                "l": lists([[100000], [7, 8]], "int32"), "ab": np.array([60, 70], "i4"), "Ab": np.array([61, 71], "i4"),
                "Mixed": np.array([6, 7], "i4"), "only_b": np.array([True, False])}),
    ("odd", {"dupA": np.array([1, 2], "i4"), "dupB": np.array([3, 4], "i4"), "dupC": np.array([5, 6], "i4"),
             "good": ak.Array(["fine", "also"]), "bad": ak.Array(["okay", "bytesXY"])}),
], [(b"dupB", b"dupA", 5), (b"dupC", b"dupA", 5), (b"bytesXY", b"bytes\xff\xfe", 1)])
# Events;9 only: nothing of the others' cycles, and almost nothing of their branches.
write("c", [("Events", {"n": np.array([0, 1, 2, 3], "u1"), "only_c": np.array([1, 2, 3, 4], "u2")})])
cycle("Events", 1, 9)
# n is a list here: it cannot be united with a number.
write("incompatible", [("Events", {"n": lists([[1], [2, 3]], "int32")})])


def plain(value):
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 else value


expected = {}
for name in ("a", "b", "c"):
    with uproot.open(os.path.join(here, "files", name + ".root")) as file:
        expected[name] = {
            key: {b.name: plain(ak.to_list(b.array(library="ak"))) for b in file[key].branches if b.name not in ("bad", "dupA")}
            for key, kind in file.classnames(cycle=True).items() if kind == "TTree"
        }
with open(os.path.join(here, "expected.json"), "w") as out:
    json.dump(expected, out, indent=1, sort_keys=True)
    out.write("\n")
