// What the ROOT reader offers to ingest: a file is a set of trees, a tree a set of columns, a column Arrow data by entry range.
import type { Data, DataType } from 'apache-arrow';
import type { DiagnosticError } from '../../core/index.js';

/** One node of a file's logical layout, as `RootNode` of the native API shows it. */
export interface RootNodeInfo {
  readonly name: string;
  /** ROOT's class: `TDirectory`, `TTree`, `TBranch`, `TBranchElement`, … */
  readonly classType: string;
  /** C++ type of a leaf branch (`Float_t[nMuon]`, `vector<float>`); absent on everything else. */
  readonly dataType?: string;
  readonly title?: string;
  /** Highest first where a name has several cycles; only on keys. */
  readonly cycle?: number;
  readonly children: readonly RootNodeInfo[];
}

/** A branch, or one leaf of a leaf list, that can be read as a column. */
export interface RootColumn {
  /** Unique in its tree: the branch path with dots (`Muon.pt`); a repeated name gets `#2`, `#3` in file order. */
  readonly name: string;
  readonly type: DataType;
  readonly title: string;
  /** C++ type, as ROOT spells it. */
  readonly dataType: string;
  /** The branch's place as stored, `parent/child`; several leaves of one branch share it. */
  readonly branch: string;
  /** Sizes in the file, in bytes, for partition planning. */
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
}

/** A branch that cannot be read, and why; the rest of the tree is ingested. */
export interface RefusedBranch {
  readonly name: string;
  readonly reason: string;
}

/** Gets one column of a read, by its place among those asked for; false ends the read. */
export type TakeColumn = (index: number, column: Data | DiagnosticError) => boolean;

export interface ColumnReader {
  /** Directory path and tree name, without cycle: `dir/Events`. */
  readonly path: string;
  readonly cycle: number;
  readonly title: string;
  /** `TTree`, `TNtuple`, … */
  readonly classType: string;
  readonly entries: number;
  readonly columns: readonly RootColumn[];
  readonly refused: readonly RefusedBranch[];
  /** Entry numbers at which most branches start a basket, ascending, from 0: good places to cut partitions. */
  readonly clusterStarts: readonly number[];
  /**
   * Reads entries `start` (inclusive) to `stop` (exclusive) of some columns, in the order asked for.
   * Each result has `stop - start` rows and owns its buffers. Baskets are decompressed at most once per call.
   * @throws DiagnosticError data_corrupted naming file, branch and basket
   */
  read(columns: readonly RootColumn[], start: number, stop: number): Promise<Data[]>;
  /**
   * As `read`, column by column as they are decoded, so that the caller decides how many are held. A column that cannot be read
   * comes as its error, and one of text that is not UTF-8 as bytes. The leaves of a leaf list come together, else in the order asked for.
   */
  readEach(columns: readonly RootColumn[], start: number, stop: number, take: TakeColumn): Promise<void>;
}
