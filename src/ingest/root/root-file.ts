// A ROOT file opened: its directories walked, its trees made into column readers.
import { DiagnosticError, fail } from '../../core/index.js';
import type { ColumnReader, RootNodeInfo } from './column-reader.js';
import { Cursor } from './container/cursor.js';
import { prepareCodecs } from './container/decompress.js';
import {
  type Directory,
  type Key,
  magic,
  readChecked,
  readDirectory,
  readFileHeader,
  readKey,
  readKeyList,
  readPayload,
} from './container/key.js';
import { Malformed } from './container/malformed.js';
import { ObjectReader, readStreamerInfos } from './object/object-reader.js';
import { StreamerInfos } from './object/streamer-info.js';
import type { ByteSource } from './source/byte-source.js';
import { openSource } from './source/open-source.js';
import { TreeReader } from './tree/tree-reader.js';

export interface OpenRootFileOptions {
  /** Read these trees only (`path;cycle`), as a worker that already knows what it wants. */
  readonly only?: ReadonlySet<string>;
  /**
   * Text columns to read as Binary, by tree path. A text column whose first basket is not UTF-8 is Binary of itself; one that turns out
   * so later makes `read` throw character_not_in_repertoire, and is named here on the next try.
   */
  readonly binary?: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface RootFile {
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  /** Every tree under every cycle; by path, the highest cycle first. */
  readonly trees: readonly ColumnReader[];
  readonly layout: RootNodeInfo;
  /** What the user should hear: what is left out, how the file is being read. */
  readonly notices: readonly string[];
  close(): Promise<void>;
}

const treeClasses = new Set(['TTree', 'TNtuple', 'TNtupleD', 'TChain']);
const directoryClasses = new Set(['TDirectory', 'TDirectoryFile']);
const deepestDirectory = 64;

/**
 * Opens a local path, a `file:` or an http(s) URL.
 * @throws DiagnosticError undefined_file, wrong_object_type (not a ROOT file), data_corrupted, io_error, connection_failure
 */
export async function openRootFile(url: string, options: OpenRootFileOptions = {}): Promise<RootFile> {
  await prepareCodecs();
  const source = await openSource(url);
  try {
    return await new Opener(source, options).open();
  } catch (error) {
    await source.close();
    if (error instanceof Malformed || error instanceof RangeError) {
      throw fail('data_corrupted', `file "${source.url}" is damaged: ${describe(error)}`, { cause: error });
    }
    throw error;
  }
}

function describe(error: Error): string {
  return error instanceof Malformed && error.place.length > 0
    ? `${error.place.join(', ')}: ${error.message}`
    : error.message;
}

class Opener {
  readonly #source: ByteSource;
  readonly #options: OpenRootFileOptions;
  readonly #trees: TreeReader[] = [];
  readonly #notices: string[];
  readonly #seen = new Set<number>();
  #infos = new StreamerInfos();

  constructor(source: ByteSource, options: OpenRootFileOptions) {
    this.#source = source;
    this.#options = options;
    this.#notices = [...source.notices];
  }

  async open(): Promise<RootFile> {
    const source = this.#source;
    const start = await source.read(0, Math.min(source.size, 512));
    if (start.length === 0) throw fail('wrong_object_type', `file "${source.url}" is empty`);
    if (start.toString('latin1', 0, magic.length) !== magic)
      throw fail('wrong_object_type', `file "${source.url}" is not a ROOT file`);
    const header = readFileHeader(start);
    if (header.end > source.size) {
      throw new Malformed(`it should have ${header.end} bytes and has ${source.size}: it was cut off`);
    }
    if (header.seekInfo > 0 && header.nbytesInfo > 0) {
      const record = await readChecked(source, header.seekInfo, header.nbytesInfo, 'streamer information');
      const key = readKey(new Cursor(record));
      this.#infos = readStreamerInfos(await readPayload(source, { ...key, seek: header.seekInfo }), key.keylen);
    }
    const top = await readChecked(
      source,
      header.begin,
      Math.min(header.nbytesName + 60, source.size - header.begin),
      'the top directory',
    );
    const name = readKey(new Cursor(top)).name;
    const directory = readDirectory(new Cursor(top, header.nbytesName));
    const children = await this.#walk(directory, '', 0);
    this.#trees.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : b.cycle - a.cycle));
    return {
      url: source.url,
      size: source.size,
      trees: this.#trees,
      layout: { name, classType: 'TFile', children },
      notices: this.#notices,
      close: () => source.close(),
    };
  }

  async #walk(directory: Directory, prefix: string, depth: number): Promise<RootNodeInfo[]> {
    if (depth > deepestDirectory || this.#seen.has(directory.seekKeys))
      throw new Malformed('directories that contain themselves');
    if (directory.seekKeys !== 0) this.#seen.add(directory.seekKeys);
    const keys = await readKeyList(this.#source, directory);
    keys.sort((a, b) => (a.name === b.name ? b.cycle - a.cycle : 0));
    const nodes: RootNodeInfo[] = [];
    for (const key of keys) nodes.push(await this.#node(key, prefix, depth));
    return nodes;
  }

  async #node(key: Key, prefix: string, depth: number): Promise<RootNodeInfo> {
    const path = prefix + key.name;
    const plain = {
      name: key.name,
      classType: key.className,
      cycle: key.cycle,
      ...(key.title && { title: key.title }),
      children: [],
    };
    if (directoryClasses.has(key.className)) {
      const directory = readDirectory(new Cursor(await readPayload(this.#source, key)));
      return { ...plain, children: await this.#walk(directory, `${path}/`, depth + 1) };
    }
    if (/RNTuple$/.test(key.className)) {
      this.#notices.push(`"${path}" is an RNTuple, which cannot be read yet; it is left out`);
      return plain;
    }
    if (!treeClasses.has(key.className) || this.#options.only?.has(`${path};${key.cycle}`) === false) return plain;
    try {
      const object = new ObjectReader(await readPayload(this.#source, key), key.keylen, this.#infos).readTop(
        key.className,
      );
      const binary = this.#options.binary?.get(path) ?? new Set<string>();
      const where = { path, cycle: key.cycle, classType: key.className, binary };
      const tree = await TreeReader.open(this.#source, where, object, this.#infos);
      this.#trees.push(tree);
      return { ...tree.layout, name: key.name };
    } catch (error) {
      if (error instanceof DiagnosticError) throw error;
      if (error instanceof Malformed) error.place.unshift(`tree "${path};${key.cycle}"`);
      throw error;
    }
  }
}
