// An Arrow table into a dataset: one file with one tree, both of the name given.
import * as arrow from 'apache-arrow';
import { fail, fromArrowType, type SqlType, toArrowType, types } from '../core/index.js';
import {
  DatasetWriter,
  type FileRecord,
  largestPartitionBytes,
  type ObjectStore,
  PartitionEncoder,
  SegmentBuilder,
  targetPartitionBytes,
  type WriteMode,
  type WriterOptions,
  type WrittenPartition,
} from '../store/index.js';
import type { IngestReport } from './ingest.js';

export type TableBatches = Iterable<arrow.RecordBatch> | AsyncIterable<arrow.RecordBatch>;

export interface WriteTableOptions {
  readonly mode?: WriteMode;
  /** What the file is called; as the tree, by default. */
  readonly source?: string;
  /** Of the columns, where Arrow's types say less than these. */
  readonly types?: readonly SqlType[];
  readonly temporary?: boolean;
  readonly check?: WriterOptions['check'];
  readonly remove?: WriterOptions['remove'];
  readonly define?: WriterOptions['define'];
}

/**
 * Writes `table`, or batches of one schema, as tree `name;1` of a file.
 * @throws DiagnosticError feature_not_supported for Arrow types without a place in the dialect, duplicate_column, and what
 * `DatasetWriter` throws
 */
export async function writeTable(
  store: ObjectStore,
  dataset: string,
  name: string,
  table: arrow.Table | { readonly schema: arrow.Schema; readonly batches: TableBatches },
  options: WriteTableOptions = {},
): Promise<IngestReport> {
  const began = performance.now();
  const { mode = 'create', source = name, types: given, temporary, check, remove, define } = options;
  const columns = columnsOf(table.schema).map((column, c) => ({ ...column, type: given?.[c] ?? column.type }));
  const writer = await DatasetWriter.open(store, dataset, mode, { temporary, check, remove, define });
  try {
    if (mode === 'append') writer.checkAbsent(source);
    const { partitions, rows } = await writeBatches(writer, columns, table.batches);
    const bytesWritten = partitions.reduce((sum, { record }) => sum + record.bytes, 0);
    const details: FileRecord = { layout: layoutOf(name, columns), refused: [], notices: [] };
    const [place] = await writer.writeDetails([details]);
    const builder = new SegmentBuilder(writer.id);
    const now = Date.now();
    builder.addFile(
      {
        source,
        name,
        attributes: { size: bytesWritten, accessed: now, modified: now, changed: now },
        details: place!,
      },
      [
        {
          path: name,
          cycle: 1,
          title: '',
          classType: 'TTree',
          entries: rows,
          stored: columns.map(({ type }) => type),
          columns: columns.map((column, index) => ({ ...column, title: '', index })),
          partitions,
        },
      ],
    );
    await writer.addSegment(builder.source());
    const version = await writer.commit();
    return {
      dataset,
      version,
      files: 1,
      tables: 1,
      partitions: partitions.length,
      rows,
      bytesRead: 0,
      bytesWritten,
      refused: [],
      notices: [],
      seconds: (performance.now() - began) / 1000,
    };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

interface TableColumn {
  readonly name: string;
  readonly type: SqlType;
}

function columnsOf(schema: arrow.Schema): TableColumn[] {
  const seen = new Set<string>();
  return schema.fields.map(({ name, type }) => {
    if (seen.has(name)) throw fail('duplicate_column', `column "${name}" is there twice`);
    seen.add(name);
    const stored = fromArrowType(plainType(type));
    if (!stored)
      throw fail('feature_not_supported', `column "${name}" has the Arrow type ${type}, which has no place here`);
    return { name, type: stored.kind === 'unknown' ? types.text : stored };
  });
}

/** Encodings of a type as the type itself. */
function plainType(type: arrow.DataType): arrow.DataType {
  if (arrow.DataType.isDictionary(type)) return plainType(type.dictionary);
  if (arrow.DataType.isFixedSizeList(type))
    return new arrow.List(new arrow.Field('item', plainType(type.valueType), true));
  return type;
}

async function writeBatches(writer: DatasetWriter, columns: readonly TableColumn[], batches: TableBatches) {
  const encoder = new PartitionEncoder(columns);
  const partitions: WrittenPartition[] = [];
  let rows = 0;
  const write = async (data: readonly arrow.Data[], count: number): Promise<void> => {
    const prepared = encoder.prepare(count, data);
    const limit = count === 1 ? largestPartitionBytes : targetPartitionBytes;
    if (prepared.bytes > limit) {
      if (count === 1)
        throw fail('program_limit_exceeded', `row ${rows} has ${prepared.bytes} bytes`, {
          detail: `A partition holds at most ${largestPartitionBytes} bytes.`,
        });
      const half = count >> 1;
      await write(
        data.map((column) => column.slice(0, half)),
        half,
      );
      await write(
        data.map((column) => column.slice(half, count - half)),
        count - half,
      );
      return;
    }
    const { bytes, record } = encoder.encode(prepared);
    const { number, name } = writer.nextPartition();
    await writer.store.write(name, bytes);
    partitions.push({ number, firstEntry: rows, record });
    rows += count;
  };
  for await (const batch of batches) {
    if (batch.numRows === 0) continue;
    const data = columns.map(({ name, type }, c) => storedData(batch.getChildAt(c), type, name));
    await write(data, batch.numRows);
  }
  return { partitions, rows };
}

/** In the one Arrow type that stands for `type`; other units and encodings are converted value by value. */
function storedData(vector: arrow.Vector | null, type: SqlType, name: string): arrow.Data {
  const wanted = toArrowType(type);
  const found = vector?.type;
  if (!vector || !found) throw fail('datatype_mismatch', `a batch lacks column "${name}"`);
  const [only] = vector.data;
  // Types that lie alike are told apart by SQL alone: a numeric and a text, lists of lists that are rectangular or ragged.
  if (only && vector.data.length === 1 && arrow.util.compareTypes(found, wanted)) return only;
  const values = Array.from(vector, plain);
  const converted = arrow.vectorFromArray(values, wanted).data[0];
  return converted ?? arrow.makeBuilder({ type: wanted }).finish().flush();
}

/** A value as Arrow's builders take it: the vectors inside of lists are no arrays. */
function plain(value: unknown): unknown {
  return value instanceof arrow.Vector ? Array.from(value, plain) : (value ?? null);
}

function layoutOf(name: string, columns: readonly TableColumn[]) {
  const branches = columns.map((column) => ({
    name: column.name,
    classType: 'TBranch',
    dataType: column.type.kind,
    children: [],
  }));
  return {
    name,
    classType: 'TDirectory',
    children: [{ name, classType: 'TTree', cycle: 1, children: branches }],
  };
}
