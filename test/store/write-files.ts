// Small datasets for tests, written as ingest writes them, but from values in the test.
import * as arrow from 'apache-arrow';
import { type SqlType, toArrowType } from '../../src/core/index.js';
import {
  DatasetWriter,
  type ObjectStore,
  PartitionEncoder,
  SegmentBuilder,
  type WriteMode,
  type WriterOptions,
  type WrittenPartition,
} from '../../src/store/index.js';

export interface SampleColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly values: readonly unknown[];
}

export interface SampleTree {
  readonly path: string;
  readonly cycle?: number;
  /** Rows per partition. Default: all in one. */
  readonly rows?: number;
  readonly columns: readonly SampleColumn[];
}

export interface SampleFile {
  readonly source: string;
  readonly trees: readonly SampleTree[];
}

export async function writeFiles(
  store: ObjectStore,
  dataset: string,
  mode: WriteMode,
  files: readonly SampleFile[],
  options: WriterOptions = {},
): Promise<number> {
  const writer = await DatasetWriter.open(store, dataset, mode, options);
  return (await prepareFiles(writer, files)).commit();
}

/** Everything but the commit. */
export async function prepareFiles(writer: DatasetWriter, files: readonly SampleFile[]): Promise<DatasetWriter> {
  const builder = new SegmentBuilder(writer.id);
  for (const { source, trees } of files) {
    const layout = { name: source, classType: 'TDirectory', children: [] };
    const [details] = await writer.writeDetails([{ layout, refused: [], notices: [] }]);
    const written = [];
    for (const { path, cycle = 1, rows, columns } of trees) {
      const encoder = new PartitionEncoder(columns);
      const entries = columns[0]?.values.length ?? 0;
      const step = rows ?? Math.max(entries, 1);
      const partitions: WrittenPartition[] = [];
      for (let start = 0; start < entries; start += step) {
        const stop = Math.min(entries, start + step);
        const data = columns.map(
          ({ type, values }) => arrow.vectorFromArray(values.slice(start, stop), toArrowType(type)).data[0]!,
        );
        const { bytes, record } = encoder.encode(encoder.prepare(stop - start, data));
        const { number, name } = writer.nextPartition();
        await writer.store.write(name, bytes);
        partitions.push({ number, firstEntry: start, record });
      }
      written.push({
        path,
        cycle,
        title: '',
        classType: 'TTree',
        entries,
        stored: columns.map(({ type }) => type),
        columns: columns.map(({ name, type }, index) => ({ name, type, title: '', index })),
        partitions,
      });
    }
    builder.addFile(
      { source, name: source, attributes: { size: 100, accessed: 1, modified: 2, changed: 3 }, details: details! },
      written,
    );
  }
  await writer.addSegment(builder.source());
  return writer;
}
