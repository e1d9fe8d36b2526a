// What is kept of an ingested file beside its tables; read on demand, one object range per file.

/** One node of a file's logical layout. */
export interface LayoutNode {
  readonly name: string;
  readonly classType: string;
  readonly dataType?: string;
  readonly title?: string;
  readonly cycle?: number;
  readonly children: readonly LayoutNode[];
}

/** A branch that could not be read. */
export interface RefusedColumn {
  /** `dir/Events;75`. */
  readonly tree: string;
  readonly branch: string;
  readonly reason: string;
}

export interface FileRecord {
  readonly layout: LayoutNode;
  readonly refused: readonly RefusedColumn[];
  readonly notices: readonly string[];
}
