// What `getDataset` answers: metadata in memory, so that its methods need no waiting.
import type { FileDetails } from '../session/index.js';
import { RootNode } from './root-node.js';

/** Times in seconds since 1970, null where the source has none (a URL). */
export interface FileAttributes {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly access_time: number | null;
  readonly modified_time: number | null;
  readonly changed_time: number | null;
}

/** The logical layout as a plain object. */
export interface FileSchema {
  readonly name: string;
  readonly classtype: string;
  readonly datatype: string | null;
  readonly children: readonly FileSchema[];
}

const seconds = (milliseconds: number): number | null =>
  Number.isFinite(milliseconds) && milliseconds > 0 ? milliseconds / 1000 : null;

function toSchema(node: RootNode): FileSchema {
  return {
    name: node.getName(),
    classtype: node.getClassType(),
    datatype: node.getDataType(),
    children: node.getChildren().map(toSchema),
  };
}

export class File {
  readonly dataset: string;
  /** Position in the dataset, from 0. */
  readonly ordinal: number;
  readonly source: string;
  readonly name: string;
  readonly #details: FileDetails;

  constructor(dataset: string, entry: { ordinal: number; source: string; name: string }, details: FileDetails) {
    this.dataset = dataset;
    this.ordinal = entry.ordinal;
    this.source = entry.source;
    this.name = entry.name;
    this.#details = details;
  }

  getAttributes(): FileAttributes {
    const { size, accessed, modified, changed } = this.#details.attributes;
    return {
      name: this.name,
      size,
      access_time: seconds(accessed),
      modified_time: seconds(modified),
      changed_time: seconds(changed),
    };
  }

  getRoot(): RootNode {
    return new RootNode(this.#details.layout);
  }

  getSchema(): FileSchema {
    return toSchema(this.getRoot());
  }

  toString(): string {
    return `File: ${this.name}, ${this.#details.attributes.size} bytes`;
  }
}

export class Dataset {
  readonly name: string;
  readonly #files: readonly File[];

  constructor(name: string, files: readonly File[]) {
    this.name = name;
    this.#files = files;
  }

  getFiles(): File[] {
    return [...this.#files];
  }

  /** Bytes of all its files, as they were when ingested. */
  getSize(): number {
    return this.#files.reduce((sum, file) => sum + file.getAttributes().size, 0);
  }

  toString(): string {
    return `Dataset: ${this.name}, ${this.getSize()} bytes`;
  }
}
