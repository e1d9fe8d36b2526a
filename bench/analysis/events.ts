// Synthetic NanoAOD-like events as Arrow batches, with the columns that the ADL tasks read. Nothing here is measured data.
import * as arrow from 'apache-arrow';

const rowsPerBatch = 50_000;

/** Deterministic uniform numbers in (0, 1). */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
}

type Draw = (next: () => number) => number;
const falling =
  (scale: number, from = 0): Draw =>
  (next) =>
    from - scale * Math.log(next());
const flat =
  (low: number, high: number): Draw =>
  (next) =>
    low + next() * (high - low);
const angle = flat(-Math.PI, Math.PI);
const charge: Draw = (next) => (next() < 0.5 ? -1 : 1);

/** Mean multiplicity, the most, and what each of the collection has. */
const collections = {
  Jet: {
    mean: 4,
    most: 12,
    fields: { pt: falling(30, 15), eta: flat(-4.7, 4.7), phi: angle, mass: falling(6, 2), btagDeepB: flat(0, 1) },
  },
  Muon: {
    mean: 0.9,
    most: 6,
    fields: { pt: falling(25, 3), eta: flat(-2.4, 2.4), phi: angle, mass: () => 0.105658, charge },
  },
  Electron: {
    mean: 0.7,
    most: 6,
    fields: { pt: falling(25, 5), eta: flat(-2.5, 2.5), phi: angle, mass: () => 0.000511, charge },
  },
} as const satisfies Record<string, { mean: number; most: number; fields: Record<string, Draw> }>;

const float = new arrow.Float32();
const int = new arrow.Int32();
const typeOf = (field: string): arrow.DataType => (field === 'charge' ? int : float);
const listOf = (type: arrow.DataType) => new arrow.List(new arrow.Field('item', type, true));

const fields = [
  new arrow.Field('MET_pt', float, true),
  new arrow.Field('MET_phi', float, true),
  ...Object.entries(collections).flatMap(([name, { fields }]) => [
    new arrow.Field(`n${name}`, int, true),
    ...Object.keys(fields).map((field) => new arrow.Field(`${name}_${field}`, listOf(typeOf(field)), true)),
  ]),
];
export const eventSchema = new arrow.Schema(fields);

export function* makeEvents(count: number): Generator<arrow.RecordBatch> {
  const next = uniforms(20_260_301);
  const drawn = (n: number, field: string, draw: Draw): arrow.Data => {
    const make = { length: n };
    const values =
      field === 'charge' ? Int32Array.from(make, () => draw(next)) : Float32Array.from(make, () => draw(next));
    return arrow.makeData({ type: typeOf(field), length: n, nullCount: 0, data: values } as never);
  };
  for (let first = 0; first < count; first += rowsPerBatch) {
    const rows = Math.min(rowsPerBatch, count - first);
    const children = [drawn(rows, 'pt', falling(25)), drawn(rows, 'phi', angle)];
    for (const { mean, most, fields } of Object.values(collections)) {
      const counts = Int32Array.from({ length: rows }, () => Math.min(most, Math.floor(falling(mean)(next))));
      const offsets = new Int32Array(rows + 1);
      for (let i = 0; i < rows; i++) offsets[i + 1] = offsets[i]! + counts[i]!;
      children.push(arrow.makeData({ type: int, length: rows, nullCount: 0, data: counts }));
      for (const [field, draw] of Object.entries(fields))
        children.push(
          arrow.makeData({
            type: listOf(typeOf(field)),
            length: rows,
            nullCount: 0,
            valueOffsets: offsets,
            child: drawn(offsets[rows]!, field, draw),
          }),
        );
    }
    const type = new arrow.Struct(eventSchema.fields);
    yield new arrow.RecordBatch(eventSchema, arrow.makeData({ type, length: rows, nullCount: 0, children }));
  }
}
