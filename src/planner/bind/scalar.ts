// Bound expressions: names are columns with ids, every cast and operator variant is explicit, nothing is left to interpret.
import type { Overload, Span, SqlType, Value } from '../../core/index.js';
import type { LogicalPlan } from '../logical/logical-plan.js';

export type ColumnId = number & { readonly brand: 'ColumnId' };

/** A column of some plan node, or a lambda's parameter. Unique in a statement by `id`; `name` is for labels and printing only. */
export interface Column {
  readonly id: ColumnId;
  readonly name: string;
  readonly type: SqlType;
}

export type Scalar =
  | LiteralScalar
  | ColumnScalar
  | CallScalar
  | CastScalar
  | LogicalScalar
  | NotScalar
  | IsNullScalar
  | CaseScalar
  | InScalar
  | CoalesceScalar
  | ListScalar
  | StructScalar
  | FieldScalar
  | ListMapScalar
  | ListFilterScalar
  | SubqueryScalar;

interface Typed {
  readonly type: SqlType;
  /** For errors found late; absent on what rules made. */
  readonly span?: Span;
}

export interface LiteralScalar extends Typed {
  readonly kind: 'literal';
  readonly value: Value;
  /** Written without a type, and text only for want of another: a set operation around it may give it one. */
  readonly untyped?: true;
  /** A parameter whose type is not known yet: what it is first cast to becomes its type. */
  readonly parameter?: ParameterSlot;
}
export interface ParameterSlot {
  infer(type: SqlType): void;
  /** Where nothing else gives it a type. */
  inferWeakly(type: SqlType): void;
}
export interface ColumnScalar extends Typed {
  readonly kind: 'column';
  readonly column: Column;
}
/** A scalar function or operator; argument types are exactly the overload's after polymorphism. */
export interface CallScalar extends Typed {
  readonly kind: 'call';
  /** Registry name, for printing: `+`, `abs`, `list_any`. */
  readonly name: string;
  readonly overload: Overload;
  readonly args: readonly Scalar[];
}
export interface CastScalar extends Typed {
  readonly kind: 'cast';
  readonly arg: Scalar;
  /** Written by the user or put in by the binder: matters for varchar(n) truncation and printing only. */
  readonly explicit: boolean;
  /** NULL instead of an error. */
  readonly attempt: boolean;
}
/** n-ary, flat, three-valued. */
export interface LogicalScalar extends Typed {
  readonly kind: 'and' | 'or';
  readonly args: readonly Scalar[];
}
export interface NotScalar extends Typed {
  readonly kind: 'not';
  readonly arg: Scalar;
}
export interface IsNullScalar extends Typed {
  readonly kind: 'is_null';
  readonly arg: Scalar;
}
/** Searched form only; `otherwise` is always there (NULL literal where left out). Branches are evaluated lazily. */
export interface CaseScalar extends Typed {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: Scalar; readonly then: Scalar }[];
  readonly otherwise: Scalar;
}
/** All of one type; three-valued as PostgreSQL's `= ANY`. NOT IN is `not` around it. */
export interface InScalar extends Typed {
  readonly kind: 'in';
  readonly arg: Scalar;
  readonly list: readonly Scalar[];
}
export interface CoalesceScalar extends Typed {
  readonly kind: 'coalesce';
  readonly args: readonly Scalar[];
}
/** `ARRAY[…]`. */
export interface ListScalar extends Typed {
  readonly kind: 'list';
  readonly elements: readonly Scalar[];
}
export interface StructScalar extends Typed {
  readonly kind: 'struct';
  readonly fields: readonly Scalar[];
}
export interface FieldScalar extends Typed {
  readonly kind: 'field';
  readonly arg: Scalar;
  readonly index: number;
}
/**
 * `body` over the lists in lock-step; columns of the row are visible inside. Unequal lengths are array_subscript_error (2202E);
 * NULL where any list is NULL. `list_any(pt > 20)`, `list_any(pt, lambda x: x > 20)` and `list_any(list_transform(pt, …))`
 * all become `list_any(list_map([x in pt], x > 20))`.
 */
export interface ListMapScalar extends Typed {
  readonly kind: 'list_map';
  readonly params: readonly { readonly column: Column; readonly list: Scalar }[];
  readonly body: Scalar;
}
/** Keeps the elements of `list` where `body`, over `param`, is true. */
export interface ListFilterScalar extends Typed {
  readonly kind: 'list_filter';
  readonly param: Column;
  readonly list: Scalar;
  readonly body: Scalar;
}
/** Columns of enclosing queries may occur in `plan`. */
export interface SubqueryScalar extends Typed {
  readonly kind: 'subquery';
  readonly mode: 'scalar' | 'exists' | 'any' | 'all' | 'array';
  readonly plan: LogicalPlan;
  /** For `any` and `all`: `left op column`, with the overload of `op`; IN is `any` with equality. */
  readonly left?: readonly Scalar[];
  readonly comparison?: { readonly name: string; readonly overloads: readonly Overload[] };
}

/** Aggregate or window function call; lives in plan nodes, never inside a Scalar. */
export interface AggregateCall {
  readonly name: string;
  readonly overload: Overload;
  readonly args: readonly Scalar[];
  readonly distinct: boolean;
  readonly orderBy: readonly SortKey[];
  readonly filter?: Scalar;
  readonly type: SqlType;
  readonly span?: Span;
}

export interface SortKey {
  readonly expr: Scalar;
  readonly descending: boolean;
  /** Always explicit. */
  readonly nullsFirst: boolean;
}
