// Physics: angles, distances and masses in collider coordinates.
import { fail } from '../diagnostic.js';
import { listOf, types } from '../sql-type.js';
import { deltaPhi, deltaR, invariantMass } from '../value/math.js';
import { chapter, on, template, values } from './define.js';
import { bindNames } from './duckdb/bind-arguments.js';
import { raise } from './duckdb/errors.js';
import type { FunctionEntry, Value } from './overload.js';

const scalar = chapter('physics', 'scalar');
const f8 = types.float8;

const phi = template('($1 - $2 + pi() - floor(($1 - $2 + pi()) / (2 * pi())) * (2 * pi()) - pi())');

const massSql = (args: readonly string[]): string =>
  bindNames(Object.fromEntries(args.map((arg, i) => [`a${i}`, arg])), (v) => {
    const sum = (term: (pt: string, eta: string, phi: string, mass: string) => string) =>
      Array.from({ length: args.length / 4 }, (_, i) =>
        term(v[`a${4 * i}`]!, v[`a${4 * i + 1}`]!, v[`a${4 * i + 2}`]!, v[`a${4 * i + 3}`]!),
      ).join(' + ');
    const energy = (pt: string, eta: string, angle: string, mass: string) =>
      `sqrt(pow(${pt} * cos(${angle}), 2) + pow(${pt} * sin(${angle}), 2) + pow(${pt} * sinh(${eta}), 2) + ${mass} * ${mass})`;
    const phis = Array.from({ length: args.length / 4 }, (_, i) => `isinf(${v[`a${4 * i + 2}`]})`).join(' OR ');
    const nulls = args.map((_, i) => `${v[`a${i}`]} IS NULL`).join(' OR ');
    const mass = bindNames(
      {
        e: sum(energy),
        x: sum((pt, _eta, angle) => `${pt} * cos(${angle})`),
        y: sum((pt, _eta, angle) => `${pt} * sin(${angle})`),
        z: sum((pt, eta) => `${pt} * sinh(${eta})`),
      },
      (p) =>
        bindNames(
          { q: `${p.e} * ${p.e} - (${p.x} * ${p.x} + ${p.y} * ${p.y} + ${p.z} * ${p.z})` },
          ({ q }) => `CASE WHEN ${q} > 0 THEN sqrt(${q}) WHEN ${q} <= 0 THEN CAST(0 AS DOUBLE) END`,
        ),
    );
    return `CASE WHEN ${nulls} THEN NULL WHEN ${phis} THEN ${raise('numeric_value_out_of_range', 'input is out of range')} ELSE ${mass} END`;
  });

const body = (n: number) => Array.from({ length: 4 * n }, () => f8);

const mostCombinations = 1_000_000;

/** All choices of `k` elements, in the order of their positions. */
function combinations(list: readonly Value[], k: number): Value[][] {
  if (k < 1) throw fail('invalid_parameter_value', 'combinations needs at least one element in each');
  const n = list.length;
  const chosen: Value[][] = [];
  const at = Array.from({ length: k }, (_, i) => i);
  for (let more = k <= n; more; ) {
    if (chosen.length >= mostCombinations)
      throw fail('program_limit_exceeded', `more than ${mostCombinations} combinations of one list`);
    chosen.push(at.map((i) => list[i]!));
    let moved = k - 1;
    while (moved >= 0 && at[moved] === n - k + moved) moved--;
    more = moved >= 0;
    if (more) {
      at[moved]!++;
      for (let i = moved + 1; i < k; i++) at[i] = at[i - 1]! + 1;
    }
  }
  return chosen;
}

/** Of as many particles as the lists have; NULL where a value is. */
function listMass(...lists: (readonly (number | null)[])[]): Value {
  const n = lists[0]!.length;
  if (lists.some((list) => list.length !== n)) throw fail('array_subscript_error', 'lists of different lengths');
  const momenta: number[] = [];
  for (let i = 0; i < n; i++)
    for (const list of lists) {
      const value = list[i]!;
      if (value === null) return null;
      momenta.push(value);
    }
  return invariantMass(momenta);
}

const f8s = listOf(f8);

export const physicsFunctions: readonly FunctionEntry[] = [
  scalar(
    'delta_phi',
    'Difference of two azimuths in radians, brought into [-π, π).',
    [on([f8, f8], f8, { duckdb: phi, fold: values(deltaPhi) })],
    { example: { sql: 'delta_phi(3, -3)', result: '-0.28318530717958623' } },
  ),
  scalar('delta_r', 'Distance √(Δη² + Δφ²) of (eta1, phi1) and (eta2, phi2).', [
    on([f8, f8, f8, f8], f8, {
      duckdb: ([eta1, phi1, eta2, phi2]) => `sqrt(pow(${eta1} - ${eta2}, 2) + pow(${phi([phi1!, phi2!])}, 2))`,
      fold: values(deltaR),
    }),
  ]),
  scalar(
    'invariant_mass',
    'Invariant mass of two, three or four particles, each given as pt, eta, phi, mass; or of any number, given as lists of pt, eta, phi and mass.',
    [
      ...[2, 3, 4].map((n) =>
        on(body(n), f8, {
          op: `invariant_mass(${n})`,
          duckdb: massSql,
          fold: (args) => invariantMass(args as readonly number[]),
        }),
      ),
      on([f8s, f8s, f8s, f8s], f8, { fold: values(listMass) }),
    ],
    { example: { sql: 'invariant_mass(10, 0, 0, 0, 10, 0, pi(), 0)', result: '20' } },
  ),
  scalar(
    'combinations',
    'All choices of k elements of a list, each a list, in the order of their positions.',
    [on(['anyarray', types.int4], ([list]) => listOf(list!), { fold: values(combinations) })],
    { example: { sql: 'combinations(ARRAY[1, 2, 3], 2)', result: '[[1,2],[1,3],[2,3]]' } },
  ),
];
