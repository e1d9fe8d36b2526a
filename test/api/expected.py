"""Write expected.json: what an independent reader (uproot) sees of samples/events.root, for the tests beside this script.

usage: expected.py      needs: pip install uproot awkward numpy
"""
import json
import os

import awkward as ak
import numpy as np
import uproot

here = os.path.dirname(os.path.abspath(__file__))
tree = uproot.open(os.path.join(here, "..", "..", "samples", "events.root"))["Events;75"]
a = tree.arrays()
late = a[np.arange(len(a)) > 5]
hard = a[ak.any((a.Muon_pt > 50) & (abs(a.Muon_eta) < 1), axis=1)]
counts = {int(n): int(np.sum(a.nMuon == n)) for n in np.unique(ak.to_numpy(a.nMuon))}
expected = {
    "entries": len(a),
    "branches": tree.keys(),
    "muon_phi_after_5": {"rows": len(late), "values": int(ak.count(late.Muon_phi)), "head": ak.to_list(late.Muon_phi[:20])},
    "nMuon": ak.to_list(a.nMuon[:20]),
    "event": [str(e) for e in a.event[:20]],
    "hard_central_muon": {"rows": len(hard), "MET_pt": ak.to_list(hard.MET_pt[:20]), "nMuon_sum": int(np.sum(hard.nMuon))},
    "events_by_nMuon": counts,
    "MET_over_50": int(np.sum(a.MET_pt > 50)),
    "MET_sum": float(np.sum(ak.to_numpy(a.MET_pt).astype("f8"))),
    "jets_over_30": int(ak.sum(a.Jet_pt > 30)),
}
json.dump(expected, open(os.path.join(here, "expected.json"), "w"), indent=1)
