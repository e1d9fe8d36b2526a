// A file's logical layout, node by node.
import type { LayoutNode } from '../session/index.js';

export class RootNode {
  readonly #info: LayoutNode;
  readonly #parent: RootNode | null;
  #children: RootNode[] | undefined;

  constructor(info: LayoutNode, parent: RootNode | null = null) {
    this.#info = info;
    this.#parent = parent;
  }

  /** `Events;75` for a tree with its cycle, else the plain name. */
  getName(): string {
    const { name, cycle, classType } = this.#info;
    return cycle !== undefined && !classType.startsWith('TDirectory') ? `${name};${cycle}` : name;
  }

  /** ROOT's class: `TFile`, `TDirectoryFile`, `TTree`, `TBranch`, … */
  getClassType(): string {
    return this.#info.classType;
  }

  /** C++ type of a branch that holds values (`Float_t[nMuon]`); null on everything else. */
  getDataType(): string | null {
    return this.#info.dataType ?? null;
  }

  getChildren(): RootNode[] {
    this.#children ??= this.#info.children.map((child) => new RootNode(child, this));
    return this.#children;
  }

  getParent(): RootNode | null {
    return this.#parent;
  }

  toString(): string {
    const type = this.getDataType();
    return `${this.getClassType()} ${this.getName()}${type === null ? '' : `: ${type}`}`;
  }
}
