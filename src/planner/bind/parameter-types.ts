// Types of the parameters of a statement that is described before its values are known.
import { fail, type SqlType, types } from '../../core/index.js';

/** PostgreSQL's rule: a parameter of no declared type takes the type that its first use wants. */
export class ParameterTypes {
  readonly #types: (SqlType | undefined)[];
  /** Text for want of another: what assigns them may still give them one. */
  readonly #weak = new Set<number>();

  /** @param declared by position; `undefined` where the type is left to the statement */
  constructor(declared: readonly (SqlType | undefined)[] = []) {
    this.#types = [...declared];
  }

  /** Of `$index`; `undefined` where nothing is known yet. */
  get(index: number): SqlType | undefined {
    while (this.#types.length < index) this.#types.push(undefined);
    return this.#weak.has(index) ? undefined : this.#types[index - 1];
  }

  infer(index: number, type: SqlType): void {
    if (this.get(index) !== undefined) return;
    this.#types[index - 1] = withoutModifiers(type);
    this.#weak.delete(index);
  }

  inferWeakly(index: number, type: SqlType): void {
    if (this.get(index) !== undefined) return;
    this.#types[index - 1] = type;
    this.#weak.add(index);
  }

  /** @throws DiagnosticError 42P18 where a type was neither given nor found */
  all(): SqlType[] {
    return this.#types.map((type, i) => {
      if (type === undefined)
        throw fail('indeterminate_datatype', `could not determine data type of parameter $${i + 1}`);
      return type;
    });
  }
}

/** A parameter is of a plain type; the cast that follows applies length and scale. */
function withoutModifiers(type: SqlType): SqlType {
  switch (type.kind) {
    case 'varchar':
    case 'char':
    case 'bit':
    case 'varbit':
    case 'numeric':
      return types[type.kind];
    case 'list':
      return { ...type, element: withoutModifiers(type.element) };
    default:
      return type;
  }
}
