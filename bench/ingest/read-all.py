"""One timed run for bench.ts: every column of every tree with uproot, on one thread. Prints milliseconds.

usage: read-all.py FILE.root (arrays|columns)
"""
import json
import sys
import time

import awkward as ak  # noqa: F401  (imported before the clock starts)
import uproot

path, how = sys.argv[1:3]
started = time.perf_counter()
values = 0
with uproot.open(path) as file:
    for key, kind in file.classnames().items():
        if kind not in ("TTree", "TNtuple"):
            continue
        tree = file[key]
        if how == "arrays":
            for batch in tree.iterate(step_size=10_000, library="ak"):
                for name in batch.fields:
                    array = batch[name]
                    values += len(array.layout.content) if array.ndim > 1 else len(array)
        else:
            for name in tree.keys():
                array = tree[name].array(library="ak")
                values += len(array.layout.content) if array.ndim > 1 else len(array)
print(json.dumps({"milliseconds": (time.perf_counter() - started) * 1000, "values": values}))
