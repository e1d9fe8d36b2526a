// Generated from the grammars by generate-cst.ts: the types of the concrete syntax tree.
import type { CstNodeLocation, CstNode as Node } from 'chevrotain';
import type { Token } from './tokens.js';

/** Every node knows its place; `endOffset` is inclusive. */
interface CstNode extends Node {
  location: CstNodeLocation & { endOffset: number };
}

export interface TypedConstantCstNode extends CstNode {
  name: 'typedConstant';
  children: TypedConstantCstChildren;
}

export type TypedConstantCstChildren = {
  keywordType?: KeywordTypeCstNode[];
  INTERVAL?: Token[];
  typeModifiers?: TypeModifiersCstNode[];
  StringConstant: Token[];
  intervalFields?: IntervalFieldsCstNode[];
};

export interface KeywordTypeCstNode extends CstNode {
  name: 'keywordType';
  children: KeywordTypeCstChildren;
}

export type KeywordTypeCstChildren = {
  DOUBLE?: Token[];
  PRECISION?: Token[];
  VaryingType?: Token[];
  VARYING?: Token[];
  typeModifiers?: TypeModifiersCstNode[];
  NATIONAL?: Token[];
  TypeWordAs?: Token[];
  TimeType?: Token[];
  WITH_LA?: Token[];
  WITHOUT?: Token[];
  TypeWord?: Token[];
  ZONE?: Token[];
};

export interface TypeModifiersCstNode extends CstNode {
  name: 'typeModifiers';
  children: TypeModifiersCstChildren;
}

export type TypeModifiersCstChildren = {
  LParen: Token[];
  expression: ExpressionCstNode[];
  Comma?: Token[];
  RParen: Token[];
};

export interface IntervalFieldsCstNode extends CstNode {
  name: 'intervalFields';
  children: IntervalFieldsCstChildren;
}

export type IntervalFieldsCstChildren = {
  IntervalField: Token[];
  typeModifiers?: TypeModifiersCstNode[];
  TO?: Token[];
};

export interface TypeNameCstNode extends CstNode {
  name: 'typeName';
  children: TypeNameCstChildren;
}

export type TypeNameCstChildren = {
  part?: Token[];
  Dot?: Token[];
  typeModifiers?: TypeModifiersCstNode[];
  keywordType?: KeywordTypeCstNode[];
  INTERVAL?: Token[];
  intervalFields?: IntervalFieldsCstNode[];
  ARRAY?: Token[];
  LBracket?: Token[];
  Integer?: Token[];
  RBracket?: Token[];
};

export interface AnyNameCstNode extends CstNode {
  name: 'anyName';
  children: AnyNameCstChildren;
}

export type AnyNameCstChildren = {
  part: Token[];
  Dot?: Token[];
};

export interface CallTailCstNode extends CstNode {
  name: 'callTail';
  children: CallTailCstChildren;
}

export type CallTailCstChildren = {
  argumentList?: ArgumentListCstNode[];
  StringConstant?: Token[];
  WITHIN?: Token[];
  GROUP?: Token[];
  LParen?: Token[];
  orderBy?: OrderByCstNode[];
  RParen?: Token[];
  FILTER?: Token[];
  WHERE?: Token[];
  filter?: ExpressionCstNode[];
  NullTreatment?: Token[];
  unreserved_word?: Token[];
  OVER?: Token[];
  name?: Token[];
  windowSpec?: WindowSpecCstNode[];
};

export interface ArgumentListCstNode extends CstNode {
  name: 'argumentList';
  children: ArgumentListCstChildren;
}

export type ArgumentListCstChildren = {
  LParen: Token[];
  Star?: Token[];
  DISTINCT?: Token[];
  ALL?: Token[];
  argument?: ArgumentCstNode[];
  Comma?: Token[];
  orderBy?: OrderByCstNode[];
  NullTreatment?: Token[];
  unreserved_word?: Token[];
  RParen: Token[];
};

export interface ArgumentCstNode extends CstNode {
  name: 'argument';
  children: ArgumentCstChildren;
}

export type ArgumentCstChildren = {
  VARIADIC?: Token[];
  expression: ExpressionCstNode[];
  EqualsGreater?: Token[];
  ColonEquals?: Token[];
  value?: ExpressionCstNode[];
};

export interface OrderByCstNode extends CstNode {
  name: 'orderBy';
  children: OrderByCstChildren;
}

export type OrderByCstChildren = {
  ORDER: Token[];
  BY: Token[];
  sortItem: SortItemCstNode[];
  Comma?: Token[];
};

export interface SortItemCstNode extends CstNode {
  name: 'sortItem';
  children: SortItemCstChildren;
}

export type SortItemCstChildren = {
  expression: ExpressionCstNode[];
  ASC?: Token[];
  DESC?: Token[];
  USING?: Token[];
  operator?: Token[];
  qualifiedOperator?: QualifiedOperatorCstNode[];
  NULLS_LA?: Token[];
  FIRST?: Token[];
  LAST?: Token[];
};

export interface WindowSpecCstNode extends CstNode {
  name: 'windowSpec';
  children: WindowSpecCstChildren;
}

export type WindowSpecCstChildren = {
  LParen: Token[];
  name?: Token[];
  PARTITION?: Token[];
  BY?: Token[];
  expression?: ExpressionCstNode[];
  Comma?: Token[];
  orderBy?: OrderByCstNode[];
  frame?: FrameCstNode[];
  RParen: Token[];
};

export interface FrameCstNode extends CstNode {
  name: 'frame';
  children: FrameCstChildren;
}

export type FrameCstChildren = {
  ROWS?: Token[];
  RANGE?: Token[];
  GROUPS?: Token[];
  BETWEEN?: Token[];
  frameBound?: FrameBoundCstNode[];
  AND?: Token[];
  EXCLUDE?: Token[];
  CURRENT?: Token[];
  ROW?: Token[];
  GROUP?: Token[];
  TIES?: Token[];
  NO?: Token[];
  OTHERS?: Token[];
};

export interface FrameBoundCstNode extends CstNode {
  name: 'frameBound';
  children: FrameBoundCstChildren;
}

export type FrameBoundCstChildren = {
  UNBOUNDED?: Token[];
  PRECEDING?: Token[];
  FOLLOWING?: Token[];
  CURRENT?: Token[];
  ROW?: Token[];
  expression?: ExpressionCstNode[];
};

export interface QualifiedOperatorCstNode extends CstNode {
  name: 'qualifiedOperator';
  children: QualifiedOperatorCstChildren;
}

export type QualifiedOperatorCstChildren = {
  OPERATOR: Token[];
  LParen: Token[];
  part?: Token[];
  Dot?: Token[];
  operator: Token[];
  RParen: Token[];
};

export interface SpecialFunctionCstNode extends CstNode {
  name: 'specialFunction';
  children: SpecialFunctionCstChildren;
}

export type SpecialFunctionCstChildren = {
  function?: Token[];
  LParen?: Token[];
  expression?: ExpressionCstNode[];
  AS?: Token[];
  typeName?: TypeNameCstNode[];
  RParen?: Token[];
  Comma?: Token[];
  argumentList?: ArgumentListCstNode[];
  FOR?: Token[];
  Integer?: Token[];
  field?: Token[];
  FROM?: Token[];
  normalForm?: Token[];
  plainExpression?: PlainExpressionCstNode[];
  IN?: Token[];
  overlay?: OverlayCstNode[];
  substring?: SubstringCstNode[];
  side?: Token[];
  characters?: ExpressionCstNode[];
};

export interface OverlayCstNode extends CstNode {
  name: 'overlay';
  children: OverlayCstChildren;
}

export type OverlayCstChildren = {
  OVERLAY: Token[];
  LParen: Token[];
  argument?: ArgumentCstNode[];
  Comma?: Token[];
  PLACING?: Token[];
  placing?: ExpressionCstNode[];
  FROM?: Token[];
  from?: ExpressionCstNode[];
  FOR?: Token[];
  for?: ExpressionCstNode[];
  RParen: Token[];
};

export interface SubstringCstNode extends CstNode {
  name: 'substring';
  children: SubstringCstChildren;
}

export type SubstringCstChildren = {
  SUBSTRING: Token[];
  LParen: Token[];
  argument?: ArgumentCstNode[];
  Comma?: Token[];
  FROM?: Token[];
  from?: ExpressionCstNode[];
  FOR?: Token[];
  for?: ExpressionCstNode[];
  SIMILAR?: Token[];
  similar?: ExpressionCstNode[];
  RParen: Token[];
};

export interface ExpressionCstNode extends CstNode {
  name: 'expression';
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  operand: OperandCstNode[];
  operator?: Token[];
  predicate?: PredicateCstNode[];
};

export interface PlainExpressionCstNode extends CstNode {
  name: 'plainExpression';
  children: PlainExpressionCstChildren;
}

export type PlainExpressionCstChildren = {
  operand: OperandCstNode[];
  operator?: Token[];
  plainPredicate?: PlainPredicateCstNode[];
};

export interface OperandCstNode extends CstNode {
  name: 'operand';
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  prefix?: Token[];
  qualifiedOperator?: QualifiedOperatorCstNode[];
  nameExpression?: NameExpressionCstNode[];
  Constant?: Token[];
  ExprParen?: Token[];
  expression?: ExpressionCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  subquery?: SubqueryCstNode[];
  typeFuncCall?: TypeFuncCallCstNode[];
  caseExpression?: CaseExpressionCstNode[];
  specialFunction?: SpecialFunctionCstNode[];
  typedConstant?: TypedConstantCstNode[];
  arrayConstructor?: ArrayConstructorCstNode[];
  list?: ListCstNode[];
  struct?: StructCstNode[];
  lambda?: LambdaCstNode[];
  row?: RowCstNode[];
  quantified?: QuantifiedCstNode[];
  exists?: ExistsCstNode[];
  TreeCycle?: Token[];
  postfix?: PostfixCstNode[];
};

export interface PredicateCstNode extends CstNode {
  name: 'predicate';
  children: PredicateCstChildren;
}

export type PredicateCstChildren = {
  NOT_LA?: Token[];
  LIKE?: Token[];
  ILIKE?: Token[];
  SIMILAR_TO?: Token[];
  TO?: Token[];
  ESCAPE?: Token[];
  AT?: Token[];
  TypeWord?: Token[];
  ZONE?: Token[];
  qualifiedOperator?: QualifiedOperatorCstNode[];
  operand?: OperandCstNode[];
  BETWEEN?: Token[];
  SYMMETRIC?: Token[];
  ASYMMETRIC?: Token[];
  plainExpression?: PlainExpressionCstNode[];
  AND?: Token[];
  IN?: Token[];
  ExprParen?: Token[];
  expression?: ExpressionCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  subquery?: SubqueryCstNode[];
  IS?: Token[];
  NOT?: Token[];
  NULL?: Token[];
  TRUE?: Token[];
  FALSE?: Token[];
  UNKNOWN?: Token[];
  DOCUMENT?: Token[];
  normalForm?: Token[];
  NORMALIZED?: Token[];
  DISTINCT?: Token[];
  FROM?: Token[];
  ISNULL?: Token[];
  NOTNULL?: Token[];
  COLLATE?: Token[];
  anyName?: AnyNameCstNode[];
};

export interface PlainPredicateCstNode extends CstNode {
  name: 'plainPredicate';
  children: PlainPredicateCstChildren;
}

export type PlainPredicateCstChildren = {
  IS?: Token[];
  NOT?: Token[];
  DISTINCT?: Token[];
  FROM?: Token[];
  qualifiedOperator?: QualifiedOperatorCstNode[];
  operand: OperandCstNode[];
};

export interface PostfixCstNode extends CstNode {
  name: 'postfix';
  children: PostfixCstChildren;
}

export type PostfixCstChildren = {
  TypeCast?: Token[];
  typeName?: TypeNameCstNode[];
  LBracket?: Token[];
  lower?: ExpressionCstNode[];
  Colon?: Token[];
  upper?: ExpressionCstNode[];
  RBracket?: Token[];
  Dot?: Token[];
  field?: Token[];
  Star?: Token[];
  OVERLAPS?: Token[];
  ROW_CALL?: Token[];
  LParen?: Token[];
  expression?: ExpressionCstNode[];
  Comma?: Token[];
  RParen?: Token[];
};

export interface NameExpressionCstNode extends CstNode {
  name: 'nameExpression';
  children: NameExpressionCstChildren;
}

export type NameExpressionCstChildren = {
  part: Token[];
  Dot?: Token[];
  Star?: Token[];
  callTail?: CallTailCstNode[];
};

export interface TypeFuncCallCstNode extends CstNode {
  name: 'typeFuncCall';
  children: TypeFuncCallCstChildren;
}

export type TypeFuncCallCstChildren = {
  part: Token[];
  callTail: CallTailCstNode[];
};

export interface CaseExpressionCstNode extends CstNode {
  name: 'caseExpression';
  children: CaseExpressionCstChildren;
}

export type CaseExpressionCstChildren = {
  CASE: Token[];
  subject?: ExpressionCstNode[];
  WHEN: Token[];
  when: ExpressionCstNode[];
  THEN: Token[];
  then: ExpressionCstNode[];
  ELSE?: Token[];
  otherwise?: ExpressionCstNode[];
  END: Token[];
};

export interface ArrayConstructorCstNode extends CstNode {
  name: 'arrayConstructor';
  children: ArrayConstructorCstChildren;
}

export type ArrayConstructorCstChildren = {
  ARRAY: Token[];
  list?: ListCstNode[];
  subquery?: SubqueryCstNode[];
};

export interface ListCstNode extends CstNode {
  name: 'list';
  children: ListCstChildren;
}

export type ListCstChildren = {
  LBracket: Token[];
  expression?: ExpressionCstNode[];
  Comma?: Token[];
  RBracket: Token[];
};

export interface StructCstNode extends CstNode {
  name: 'struct';
  children: StructCstChildren;
}

export type StructCstChildren = {
  LBrace: Token[];
  field?: Token[];
  Colon?: Token[];
  expression?: ExpressionCstNode[];
  Comma?: Token[];
  RBrace: Token[];
};

export interface LambdaCstNode extends CstNode {
  name: 'lambda';
  children: LambdaCstChildren;
}

export type LambdaCstChildren = {
  LAMBDA: Token[];
  name: Token[];
  Comma?: Token[];
  Colon: Token[];
  expression: ExpressionCstNode[];
};

export interface RowCstNode extends CstNode {
  name: 'row';
  children: RowCstChildren;
}

export type RowCstChildren = {
  ROW_CALL: Token[];
  LParen: Token[];
  expression?: ExpressionCstNode[];
  Comma?: Token[];
  RParen: Token[];
};

export interface QuantifiedCstNode extends CstNode {
  name: 'quantified';
  children: QuantifiedCstChildren;
}

export type QuantifiedCstChildren = {
  ANY?: Token[];
  SOME?: Token[];
  ALL?: Token[];
  ExprParen?: Token[];
  expression?: ExpressionCstNode[];
  RParen?: Token[];
  subquery?: SubqueryCstNode[];
};

export interface ExistsCstNode extends CstNode {
  name: 'exists';
  children: ExistsCstChildren;
}

export type ExistsCstChildren = {
  EXISTS: Token[];
  subquery: SubqueryCstNode[];
};

export interface NativeQueryCstNode extends CstNode {
  name: 'nativeQuery';
  children: NativeQueryCstChildren;
}

export type NativeQueryCstChildren = {
  SELECT: Token[];
  expression?: ExpressionCstNode[];
  Star?: Token[];
  projection?: ProjectionCstNode[];
  Comma?: Token[];
  Semicolon?: Token[];
};

export interface ProjectionCstNode extends CstNode {
  name: 'projection';
  children: ProjectionCstChildren;
}

export type ProjectionCstChildren = {
  PROJECT: Token[];
  path: PathCstNode[];
  Comma?: Token[];
};

export interface PathCstNode extends CstNode {
  name: 'path';
  children: PathCstChildren;
}

export type PathCstChildren = {
  TreeCycle?: Token[];
  segment?: SegmentCstNode[];
  Slash?: Token[];
  Dot?: Token[];
  branch?: SegmentCstNode[];
  AS?: Token[];
  alias?: Token[];
};

export interface SegmentCstNode extends CstNode {
  name: 'segment';
  children: SegmentCstChildren;
}

export type SegmentCstChildren = {
  name?: Token[];
  Star?: Token[];
};

export interface SubqueryCstNode extends CstNode {
  name: 'subquery';
  children: SubqueryCstChildren;
}

export type SubqueryCstChildren = {
  QueryParen: Token[];
  query: QueryCstNode[];
  RParen: Token[];
};

export interface JoinTreeCstNode extends CstNode {
  name: 'joinTree';
  children: JoinTreeCstChildren;
}

export type JoinTreeCstChildren = {
  tablePrimary: TablePrimaryCstNode[];
  join?: JoinCstNode[];
};

export interface JoinCstNode extends CstNode {
  name: 'join';
  children: JoinCstChildren;
}

export type JoinCstChildren = {
  INNER?: Token[];
  side?: Token[];
  OUTER?: Token[];
  JOIN?: Token[];
  joinTree?: JoinTreeCstNode[];
  ON?: Token[];
  expression?: ExpressionCstNode[];
  USING?: Token[];
  nameList?: NameListCstNode[];
  AS?: Token[];
  alias?: Token[];
  CROSS?: Token[];
  tablePrimary?: TablePrimaryCstNode[];
  NATURAL?: Token[];
  joinType?: JoinTypeCstNode[];
};

export interface JoinTypeCstNode extends CstNode {
  name: 'joinType';
  children: JoinTypeCstChildren;
}

export type JoinTypeCstChildren = {
  INNER?: Token[];
  side?: Token[];
  OUTER?: Token[];
};

export interface TablePrimaryCstNode extends CstNode {
  name: 'tablePrimary';
  children: TablePrimaryCstChildren;
}

export type TablePrimaryCstChildren = {
  relationOrCall?: RelationOrCallCstNode[];
  alias?: AliasCstNode[];
  sample?: SampleCstNode[];
  subquery?: SubqueryCstNode[];
  ExprParen?: Token[];
  joinTree?: JoinTreeCstNode[];
  RParen?: Token[];
  onlyRelation?: OnlyRelationCstNode[];
  LATERAL?: Token[];
  functionSource?: FunctionSourceCstNode[];
};

export interface RelationOrCallCstNode extends CstNode {
  name: 'relationOrCall';
  children: RelationOrCallCstChildren;
}

export type RelationOrCallCstChildren = {
  part: Token[];
  Dot?: Token[];
  argumentList?: ArgumentListCstNode[];
  ordinality?: OrdinalityCstNode[];
  Star?: Token[];
};

export interface OrdinalityCstNode extends CstNode {
  name: 'ordinality';
  children: OrdinalityCstChildren;
}

export type OrdinalityCstChildren = {
  WITH_LA: Token[];
  ORDINALITY: Token[];
};

export interface FunctionSourceCstNode extends CstNode {
  name: 'functionSource';
  children: FunctionSourceCstChildren;
}

export type FunctionSourceCstChildren = {
  specialFunction?: SpecialFunctionCstNode[];
  TypeFuncWord?: Token[];
  argumentList?: ArgumentListCstNode[];
  ROWS_FROM?: Token[];
  FROM?: Token[];
  LParen?: Token[];
  rowsFromItem?: RowsFromItemCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  ordinality?: OrdinalityCstNode[];
};

export interface RowsFromItemCstNode extends CstNode {
  name: 'rowsFromItem';
  children: RowsFromItemCstChildren;
}

export type RowsFromItemCstChildren = {
  anyName?: AnyNameCstNode[];
  argumentList?: ArgumentListCstNode[];
  specialFunction?: SpecialFunctionCstNode[];
  TypeFuncWord?: Token[];
  AS?: Token[];
  columnList?: ColumnListCstNode[];
};

export interface RelationCstNode extends CstNode {
  name: 'relation';
  children: RelationCstChildren;
}

export type RelationCstChildren = {
  anyName?: AnyNameCstNode[];
  Star?: Token[];
  onlyRelation?: OnlyRelationCstNode[];
};

export interface OnlyRelationCstNode extends CstNode {
  name: 'onlyRelation';
  children: OnlyRelationCstChildren;
}

export type OnlyRelationCstChildren = {
  ONLY: Token[];
  anyName?: AnyNameCstNode[];
  LParen?: Token[];
  RParen?: Token[];
};

export interface AliasCstNode extends CstNode {
  name: 'alias';
  children: AliasCstChildren;
}

export type AliasCstChildren = {
  AS?: Token[];
  alias?: Token[];
  columnList?: ColumnListCstNode[];
};

export interface ColumnListCstNode extends CstNode {
  name: 'columnList';
  children: ColumnListCstChildren;
}

export type ColumnListCstChildren = {
  LParen: Token[];
  columnDef: ColumnDefCstNode[];
  Comma?: Token[];
  RParen: Token[];
};

export interface ColumnDefCstNode extends CstNode {
  name: 'columnDef';
  children: ColumnDefCstChildren;
}

export type ColumnDefCstChildren = {
  name: Token[];
  typeName?: TypeNameCstNode[];
  COLLATE?: Token[];
  anyName?: AnyNameCstNode[];
};

export interface SampleCstNode extends CstNode {
  name: 'sample';
  children: SampleCstChildren;
}

export type SampleCstChildren = {
  TABLESAMPLE: Token[];
  method?: Token[];
  LParen: Token[];
  expression: ExpressionCstNode[];
  Comma?: Token[];
  RParen: Token[];
  REPEATABLE?: Token[];
  repeatable?: ExpressionCstNode[];
};

export interface NameListCstNode extends CstNode {
  name: 'nameList';
  children: NameListCstChildren;
}

export type NameListCstChildren = {
  LParen: Token[];
  name: Token[];
  Comma?: Token[];
  RParen: Token[];
};

export interface QueryCstNode extends CstNode {
  name: 'query';
  children: QueryCstChildren;
}

export type QueryCstChildren = {
  withClause?: WithClauseCstNode[];
  queryTerm: QueryTermCstNode[];
  setOperation?: SetOperationCstNode[];
  orderBy?: OrderByCstNode[];
  limit?: LimitCstNode[];
  offset?: OffsetCstNode[];
  fetch?: FetchCstNode[];
  locking?: LockingCstNode[];
};

export interface SetOperationCstNode extends CstNode {
  name: 'setOperation';
  children: SetOperationCstChildren;
}

export type SetOperationCstChildren = {
  operator?: Token[];
  quantifier?: Token[];
  queryTerm: QueryTermCstNode[];
};

export interface QueryTermCstNode extends CstNode {
  name: 'queryTerm';
  children: QueryTermCstChildren;
}

export type QueryTermCstChildren = {
  select?: SelectCstNode[];
  subquery?: SubqueryCstNode[];
  values?: ValuesCstNode[];
  TABLE?: Token[];
  relation?: RelationCstNode[];
};

export interface WithClauseCstNode extends CstNode {
  name: 'withClause';
  children: WithClauseCstChildren;
}

export type WithClauseCstChildren = {
  WITH?: Token[];
  WITH_LA?: Token[];
  RECURSIVE?: Token[];
  cte: CteCstNode[];
  Comma?: Token[];
};

export interface CteCstNode extends CstNode {
  name: 'cte';
  children: CteCstChildren;
}

export type CteCstChildren = {
  name: Token[];
  nameList?: NameListCstNode[];
  AS: Token[];
  NOT?: Token[];
  MATERIALIZED?: Token[];
  subquery: SubqueryCstNode[];
  SEARCH?: Token[];
  DEPTH?: Token[];
  BREADTH?: Token[];
  FIRST?: Token[];
  BY?: Token[];
  searchColumn?: Token[];
  Comma?: Token[];
  SET?: Token[];
  searchName?: Token[];
  CYCLE?: Token[];
  cycleColumn?: Token[];
  cycleName?: Token[];
  TO?: Token[];
  mark?: Token[];
  DEFAULT?: Token[];
  default?: Token[];
  USING?: Token[];
  path?: Token[];
};

export interface ValuesCstNode extends CstNode {
  name: 'values';
  children: ValuesCstChildren;
}

export type ValuesCstChildren = {
  VALUES: Token[];
  valuesRow: ValuesRowCstNode[];
  Comma?: Token[];
};

export interface ValuesRowCstNode extends CstNode {
  name: 'valuesRow';
  children: ValuesRowCstChildren;
}

export type ValuesRowCstChildren = {
  LParen: Token[];
  expression: ExpressionCstNode[];
  Comma?: Token[];
  RParen: Token[];
};

export interface SelectCstNode extends CstNode {
  name: 'select';
  children: SelectCstChildren;
}

export type SelectCstChildren = {
  SELECT: Token[];
  ALL?: Token[];
  DISTINCT?: Token[];
  ON?: Token[];
  LParen?: Token[];
  distinctOn?: ExpressionCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  selectItem?: SelectItemCstNode[];
  INTO?: Token[];
  anyName?: AnyNameCstNode[];
  FROM?: Token[];
  joinTree?: JoinTreeCstNode[];
  WHERE?: Token[];
  where?: ExpressionCstNode[];
  GROUP?: Token[];
  BY?: Token[];
  quantifier?: Token[];
  groupItem?: GroupItemCstNode[];
  HAVING?: Token[];
  having?: ExpressionCstNode[];
  WINDOW?: Token[];
  name?: Token[];
  AS?: Token[];
  windowSpec?: WindowSpecCstNode[];
};

export interface SelectItemCstNode extends CstNode {
  name: 'selectItem';
  children: SelectItemCstChildren;
}

export type SelectItemCstChildren = {
  expression?: ExpressionCstNode[];
  AS?: Token[];
  alias?: Token[];
  Star?: Token[];
};

export interface GroupItemCstNode extends CstNode {
  name: 'groupItem';
  children: GroupItemCstChildren;
}

export type GroupItemCstChildren = {
  ROLLUP?: Token[];
  CUBE?: Token[];
  LParen?: Token[];
  expression?: ExpressionCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  GROUPING_SETS?: Token[];
  SETS?: Token[];
  groupItem?: GroupItemCstNode[];
  EmptyParen?: Token[];
};

export interface LimitCstNode extends CstNode {
  name: 'limit';
  children: LimitCstChildren;
}

export type LimitCstChildren = {
  LIMIT: Token[];
  ALL?: Token[];
  expression?: ExpressionCstNode[];
  Comma?: Token[];
  second?: ExpressionCstNode[];
};

export interface OffsetCstNode extends CstNode {
  name: 'offset';
  children: OffsetCstChildren;
}

export type OffsetCstChildren = {
  OFFSET: Token[];
  expression: ExpressionCstNode[];
  ROW?: Token[];
  ROWS?: Token[];
};

export interface FetchCstNode extends CstNode {
  name: 'fetch';
  children: FetchCstChildren;
}

export type FetchCstChildren = {
  FETCH: Token[];
  FIRST?: Token[];
  NEXT?: Token[];
  operand?: OperandCstNode[];
  ROW?: Token[];
  ROWS?: Token[];
  ONLY?: Token[];
  WITH?: Token[];
  TIES?: Token[];
};

export interface LockingCstNode extends CstNode {
  name: 'locking';
  children: LockingCstChildren;
}

export type LockingCstChildren = {
  FOR: Token[];
  READ?: Token[];
  ONLY?: Token[];
  UPDATE?: Token[];
  NO?: Token[];
  KEY?: Token[];
  SHARE?: Token[];
  OF?: Token[];
  anyName?: AnyNameCstNode[];
  Comma?: Token[];
  NOWAIT?: Token[];
  SKIP?: Token[];
  LOCKED?: Token[];
};

export interface ScriptCstNode extends CstNode {
  name: 'script';
  children: ScriptCstChildren;
}

export type ScriptCstChildren = {
  statement?: StatementCstNode[];
  Semicolon?: Token[];
};

export interface StatementCstNode extends CstNode {
  name: 'statement';
  children: StatementCstChildren;
}

export type StatementCstChildren = {
  query?: QueryCstNode[];
  explain?: ExplainCstNode[];
};

export interface ExplainCstNode extends CstNode {
  name: 'explain';
  children: ExplainCstChildren;
}

export type ExplainCstChildren = {
  EXPLAIN: Token[];
  ExprParen?: Token[];
  explainOption?: ExplainOptionCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  ANALYZE?: Token[];
  VERBOSE?: Token[];
  query: QueryCstNode[];
};

export interface ExplainOptionCstNode extends CstNode {
  name: 'explainOption';
  children: ExplainOptionCstChildren;
}

export type ExplainOptionCstChildren = {
  name?: Token[];
  value?: Token[];
  sign?: Token[];
};
