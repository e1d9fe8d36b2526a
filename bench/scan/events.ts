// Synthetic NanoAOD-like events as Arrow batches: MET, jets and muons with falling spectra. Nothing here is measured data.
import * as arrow from 'apache-arrow';

/** Deterministic uniform numbers in (0, 1). */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
}

const rowsPerBatch = 50_000;

const listOf = (type: arrow.DataType) => new arrow.List(new arrow.Field('item', type, true));
const float = new arrow.Float32();
const int = new arrow.Int32();

export const eventSchema = new arrow.Schema([
  new arrow.Field('event', new arrow.Int64(), true),
  new arrow.Field('MET_pt', float, true),
  new arrow.Field('nMuon', int, true),
  new arrow.Field('Jet_pt', listOf(float), true),
  new arrow.Field('Jet_eta', listOf(float), true),
  new arrow.Field('Muon_pt', listOf(float), true),
  new arrow.Field('Muon_eta', listOf(float), true),
  new arrow.Field('Muon_phi', listOf(float), true),
  new arrow.Field('Muon_charge', listOf(int), true),
]);

export function* makeEvents(count: number): Generator<arrow.RecordBatch> {
  const next = uniforms(20_240_601);
  const falling = (scale: number, from: number) => from - scale * Math.log(next());
  for (let first = 0; first < count; first += rowsPerBatch) {
    const rows = Math.min(rowsPerBatch, count - first);
    const jets = new Int32Array(rows + 1);
    const muons = new Int32Array(rows + 1);
    for (let i = 0; i < rows; i++) {
      jets[i + 1] = jets[i]! + Math.min(20, Math.floor(-5 * Math.log(next())));
      muons[i + 1] = muons[i]! + Math.min(6, Math.floor(-1.2 * Math.log(next())));
    }
    const floats = (length: number, make: () => number) => Float32Array.from({ length }, make);
    const jetCount = jets[rows]!;
    const muonCount = muons[rows]!;
    const plain = (type: arrow.DataType, data: BigInt64Array | Int32Array | Float32Array) =>
      arrow.makeData({ type, length: data.length, nullCount: 0, data } as never);
    const list = (type: arrow.DataType, offsets: Int32Array, data: Int32Array | Float32Array) =>
      arrow.makeData({
        type: listOf(type),
        length: rows,
        nullCount: 0,
        valueOffsets: offsets,
        child: plain(type, data),
      });
    const children = [
      plain(
        new arrow.Int64(),
        BigInt64Array.from({ length: rows }, (_, i) => BigInt(first + i)),
      ),
      plain(
        float,
        floats(rows, () => falling(25, 0)),
      ),
      plain(
        int,
        Int32Array.from({ length: rows }, (_, i) => muons[i + 1]! - muons[i]!),
      ),
      list(
        float,
        jets,
        floats(jetCount, () => falling(30, 15)),
      ),
      list(
        float,
        jets,
        floats(jetCount, () => (next() - 0.5) * 9.4),
      ),
      list(
        float,
        muons,
        floats(muonCount, () => falling(25, 3)),
      ),
      list(
        float,
        muons,
        floats(muonCount, () => (next() - 0.5) * 4.8),
      ),
      list(
        float,
        muons,
        floats(muonCount, () => (next() - 0.5) * 2 * Math.PI),
      ),
      list(
        int,
        muons,
        Int32Array.from({ length: muonCount }, () => (next() < 0.5 ? -1 : 1)),
      ),
    ];
    const data = arrow.makeData({ type: new arrow.Struct(eventSchema.fields), length: rows, nullCount: 0, children });
    yield new arrow.RecordBatch(eventSchema, data);
  }
}
