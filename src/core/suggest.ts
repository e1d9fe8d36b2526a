// Spelling help for unknown names: datasets, trees, branches, functions, settings.

/**
 * The candidate a user most likely meant, or `undefined` where none is near: at most a third of the name's characters
 * may be wrong. Case counts as a tenth of an error, so `muon_phi` finds `Muon_phi` before `muon_psi`.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 0.5;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A character left out is a little more likely than a wrong one: `Muon_ph` is `Muon_phi`, not `Muon_pt`. */
const missing = 0.9;

/** Optimal string alignment (insert, delete, replace, swap of neighbours); gives up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const x = a[i - 1]!;
      const y = b[j - 1]!;
      const replace = x === y ? 0 : x.toLowerCase() === y.toLowerCase() ? 0.1 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + missing, last[j - 1]! + replace);
      if (i > 1 && j > 1 && x === b[j - 2] && a[i - 2] === y) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
