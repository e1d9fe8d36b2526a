// Names in reach: the relations of a FROM clause, those of the queries around it, and lambda parameters.
import type { TableEntry } from '../../catalog/index.js';
import { fail, type Span } from '../../core/index.js';
import type { ColumnRef, Name } from '../../parser/index.js';
import { hintFor, matchName } from './environment.js';
import type { AggregateCall, Column, ColumnId, Scalar } from './scalar.js';

export interface ScopeColumn {
  readonly column: Column;
  /** Left out of `*`. */
  readonly hidden?: boolean;
  /** A join merged it away, or lent it: it answers to a qualified name only. */
  readonly qualifiedOnly?: boolean;
}

export interface ScopeRelation {
  /** Alias or table name; undefined for a join with USING, whose merged columns belong to no table. */
  readonly name: string | undefined;
  readonly dataset?: string;
  readonly columns: readonly ScopeColumn[];
  /** A function that gives single values: its name means its value, not a row. */
  readonly single?: true;
  /** Where the relation is a tree. */
  readonly table?: TableEntry;
  /** To the left of a LATERAL item, but on the side of an outer join that it must not see. */
  readonly outOfReach?: boolean;
  /** Of the side of an outer join that may be missing; with what the join marks its rows by, where it does. */
  readonly optional?: { readonly mark?: Column };
}

/** The query that a scope belongs to, for aggregates over its columns that stand in a subquery. */
export interface AggregateOwner {
  addAggregate(call: AggregateCall): Scalar;
  makesAggregate(column: ColumnId): boolean;
}

export type Resolution =
  | { readonly kind: 'column'; readonly column: Column; readonly rest: readonly Name[] }
  | { readonly kind: 'relation'; readonly relation: ScopeRelation }
  | { readonly kind: 'scalar'; readonly scalar: Scalar };

export class Scope {
  readonly relations: ScopeRelation[] = [];
  readonly parent: Scope | undefined;
  owner: AggregateOwner | undefined;
  /** Lambda parameters shadow everything else. */
  readonly #parameters = new Map<string, Column>();
  readonly #arguments = new Map<string, Scalar>();

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  addParameter(column: Column): void {
    this.#parameters.set(column.name, column);
  }

  /** A macro's argument, bound where the macro is called: names inside the macro cannot capture it. */
  addArgument(name: string, scalar: Scalar): void {
    this.#arguments.set(name, scalar);
  }

  /** All columns of `*`, in order. */
  starColumns(): readonly Column[] {
    return this.relations.flatMap((r) => r.columns.filter((c) => !c.hidden && !c.qualifiedOnly).map((c) => c.column));
  }

  /** Whether a column comes from this scope itself, not from one around it. */
  owns(id: ColumnId): boolean {
    return this.relations.some((r) => r.columns.some((c) => c.column.id === id));
  }

  /**
   * `a`, `t.a`, `s.t.a`, and split branches `a.b`; parts that are left over name fields of a struct.
   * @throws DiagnosticError undefined_column, undefined_table, ambiguous_column, each on the name at fault
   */
  resolve(ref: ColumnRef): Resolution {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const found = scope.#resolveHere(ref.parts);
      if (found) return found;
    }
    throw this.#unknown(ref);
  }

  #resolveHere(parts: readonly Name[]): Resolution | undefined {
    const parameter = this.#parameters.get(parts[0]!.text);
    if (parameter) return { kind: 'column', column: parameter, rest: parts.slice(1) };
    const argument = parts.length === 1 ? this.#arguments.get(parts[0]!.text) : undefined;
    if (argument) return { kind: 'scalar', scalar: argument };
    // The longest run of parts that is a column's name wins: `a.b` may be a split branch. A table's name comes before a struct's.
    const whole = this.#unqualified(joined(parts));
    if (whole) return { kind: 'column', column: whole, rest: [] };
    for (const relation of this.relations) {
      const skip = qualifierLength(relation, parts);
      if (skip === 0) continue;
      for (let length = parts.length; length > skip; length--) {
        const name = joined(parts.slice(skip, length));
        const found = matchName(name, relation.columns, (c) => c.column.name, 'column reference');
        if (found) {
          if (relation.outOfReach) throw outOfReach(relation, parts[0]!);
          return { kind: 'column', column: found.column, rest: parts.slice(length) };
        }
      }
      if (skip === parts.length) return { kind: 'relation', relation };
    }
    for (let length = parts.length - 1; length > 0; length--) {
      const found = this.#unqualified(joined(parts.slice(0, length)));
      if (found?.type.kind === 'struct') return { kind: 'column', column: found, rest: parts.slice(length) };
    }
    return undefined;
  }

  #unqualified(name: Name): Column | undefined {
    const exact: Column[] = [];
    const folded: Column[] = [];
    const lower = name.text.toLowerCase();
    for (const relation of this.relations) {
      for (const { column, qualifiedOnly } of relation.columns) {
        if (qualifiedOnly) continue;
        if (column.name === name.text) exact.push(column);
        else if (column.name.toLowerCase() === lower) folded.push(column);
      }
    }
    const matches = exact.length > 0 ? exact : folded;
    if (matches.length > 1) {
      const spellings = [...new Set(matches.map((c) => `"${c.name}"`))];
      throw fail('ambiguous_column', `column reference "${name.text}" is ambiguous`, {
        span: name.span,
        hint: spellings.length > 1 ? `It may be ${spellings.join(' or ')}.` : 'Say which table it is of.',
      });
    }
    return matches[0];
  }

  #unknown(ref: ColumnRef): Error {
    const { parts } = ref;
    const relations: ScopeRelation[] = [];
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) relations.push(...scope.relations);
    if (parts.length > 1) {
      const owner = relations.find((r) => qualifierLength(r, parts) > 0);
      if (owner) {
        const name = joined(parts.slice(qualifierLength(owner, parts)));
        return fail('undefined_column', `column "${name.text}" does not exist`, {
          span: name.span,
          hint: hintFor(
            name.text,
            owner.columns.map((c) => c.column.name),
          ),
        });
      }
      return fail('undefined_table', `missing FROM-clause entry for table "${parts[0]!.text}"`, {
        span: parts[0]!.span,
        hint: hintFor(
          parts[0]!.text,
          relations.flatMap((r) => r.name ?? []),
        ),
      });
    }
    const name = parts[0]!;
    const names = relations.flatMap((r) => r.columns.map((c) => c.column.name));
    return fail('undefined_column', `column "${name.text}" does not exist`, {
      span: name.span,
      hint: hintFor(name.text, names),
    });
  }

  /** The relation that `t.*` means. */
  relation(qualifier: readonly Name[], span: Span): ScopeRelation {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const found = scope.relations.find((r) => qualifierLength(r, qualifier) === qualifier.length);
      if (found) return found;
    }
    throw fail('undefined_table', `missing FROM-clause entry for table "${qualifier.at(-1)!.text}"`, { span });
  }
}

function outOfReach(relation: ScopeRelation, name: Name): Error {
  return fail('invalid_column_reference', `invalid reference to FROM-clause entry for table "${relation.name}"`, {
    span: name.span,
    hint: 'The combining JOIN type must be INNER or LEFT for a LATERAL reference.',
  });
}

function joined(parts: readonly Name[]): Name {
  const [first] = parts;
  if (parts.length === 1) return first!;
  return {
    text: parts.map((p) => p.text).join('.'),
    quoted: parts.every((p) => p.quoted),
    span: { start: first!.span.start, end: parts.at(-1)!.span.end },
  };
}

const same = (name: Name, text: string): boolean =>
  name.text === text || (!name.quoted && name.text.toLowerCase() === text.toLowerCase());

/** How many leading parts name the relation: 0, 1 (`t`), or 2 (`dataset.t`). */
function qualifierLength(relation: ScopeRelation, parts: readonly Name[]): number {
  const [first, second] = parts;
  if (relation.name === undefined || !first) return 0;
  if (second && relation.dataset !== undefined && same(first, relation.dataset) && same(second, relation.name))
    return 2;
  return same(first, relation.name) ? 1 : 0;
}
