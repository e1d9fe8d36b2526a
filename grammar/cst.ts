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
  withinGroup?: WithinGroupCstNode[];
  filter?: FilterCstNode[];
  NullTreatment?: Token[];
  unreserved_word?: Token[];
  OVER?: Token[];
  name?: Token[];
  windowSpec?: WindowSpecCstNode[];
};

export interface WithinGroupCstNode extends CstNode {
  name: 'withinGroup';
  children: WithinGroupCstChildren;
}

export type WithinGroupCstChildren = {
  WITHIN: Token[];
  GROUP: Token[];
  LParen: Token[];
  orderBy: OrderByCstNode[];
  RParen: Token[];
};

export interface FilterCstNode extends CstNode {
  name: 'filter';
  children: FilterCstChildren;
}

export type FilterCstChildren = {
  FILTER: Token[];
  LParen: Token[];
  WHERE: Token[];
  expression: ExpressionCstNode[];
  RParen: Token[];
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
  collationFor?: CollationForCstNode[];
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

export interface CollationForCstNode extends CstNode {
  name: 'collationFor';
  children: CollationForCstChildren;
}

export type CollationForCstChildren = {
  COLLATION_FOR: Token[];
  FOR: Token[];
  LParen: Token[];
  expression: ExpressionCstNode[];
  RParen: Token[];
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
  lambdaHead?: LambdaHeadCstNode[];
  nameExpression?: NameExpressionCstNode[];
  Constant?: Token[];
  parens?: ParensCstNode[];
  subquery?: SubqueryCstNode[];
  typeFuncCall?: TypeFuncCallCstNode[];
  caseExpression?: CaseExpressionCstNode[];
  specialFunction?: SpecialFunctionCstNode[];
  typedConstant?: TypedConstantCstNode[];
  arrayConstructor?: ArrayConstructorCstNode[];
  list?: ListCstNode[];
  struct?: StructCstNode[];
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
  parens?: ParensCstNode[];
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
  subscript?: SubscriptCstNode[];
  Dot?: Token[];
  field?: Token[];
  Star?: Token[];
  OVERLAPS?: Token[];
  overlapsRow?: OverlapsRowCstNode[];
};

export interface SubscriptCstNode extends CstNode {
  name: 'subscript';
  children: SubscriptCstChildren;
}

export type SubscriptCstChildren = {
  LBracket: Token[];
  lower?: ExpressionCstNode[];
  Colon?: Token[];
  upper?: ExpressionCstNode[];
  RBracket: Token[];
};

export interface OverlapsRowCstNode extends CstNode {
  name: 'overlapsRow';
  children: OverlapsRowCstChildren;
}

export type OverlapsRowCstChildren = {
  ROW_CALL?: Token[];
  LParen: Token[];
  expression: ExpressionCstNode[];
  Comma?: Token[];
  RParen: Token[];
};

export interface ParensCstNode extends CstNode {
  name: 'parens';
  children: ParensCstChildren;
}

export type ParensCstChildren = {
  ExprParen: Token[];
  expression: ExpressionCstNode[];
  Comma?: Token[];
  RParen: Token[];
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

export interface LambdaHeadCstNode extends CstNode {
  name: 'lambdaHead';
  children: LambdaHeadCstChildren;
}

export type LambdaHeadCstChildren = {
  LAMBDA: Token[];
  name: Token[];
  Comma?: Token[];
  Colon: Token[];
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
  tablePrimary?: TablePrimaryCstNode[];
  CROSS?: Token[];
  NATURAL?: Token[];
  joinType?: JoinTypeCstNode[];
  ON?: Token[];
  expression?: ExpressionCstNode[];
  USING?: Token[];
  nameList?: NameListCstNode[];
  AS?: Token[];
  alias?: Token[];
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

export interface JoinParensCstNode extends CstNode {
  name: 'joinParens';
  children: JoinParensCstChildren;
}

export type JoinParensCstChildren = {
  ExprParen: Token[];
  joinTree: JoinTreeCstNode[];
  RParen: Token[];
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
  joinParens?: JoinParensCstNode[];
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
  anyName?: AnyNameCstNode[];
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
  cteList: CteListCstNode[];
};

export interface CteListCstNode extends CstNode {
  name: 'cteList';
  children: CteListCstChildren;
}

export type CteListCstChildren = {
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
  subquery?: SubqueryCstNode[];
  changeInParens?: ChangeInParensCstNode[];
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
  into?: IntoCstNode[];
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

export interface IntoCstNode extends CstNode {
  name: 'into';
  children: IntoCstChildren;
}

export type IntoCstChildren = {
  INTO: Token[];
  scope?: Token[];
  persistence?: Token[];
  TABLE?: Token[];
  anyName: AnyNameCstNode[];
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
  groupingSets?: GroupingSetsCstNode[];
  EmptyParen?: Token[];
};

export interface GroupingSetsCstNode extends CstNode {
  name: 'groupingSets';
  children: GroupingSetsCstChildren;
}

export type GroupingSetsCstChildren = {
  GROUPING_SETS: Token[];
  SETS: Token[];
  LParen: Token[];
  groupItem: GroupItemCstNode[];
  Comma?: Token[];
  RParen: Token[];
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

export interface DataChangeCstNode extends CstNode {
  name: 'dataChange';
  children: DataChangeCstChildren;
}

export type DataChangeCstChildren = {
  WITH_CHANGE?: Token[];
  cteList?: CteListCstNode[];
  insert?: InsertCstNode[];
  update?: UpdateCstNode[];
  delete?: DeleteCstNode[];
};

export interface ChangeInParensCstNode extends CstNode {
  name: 'changeInParens';
  children: ChangeInParensCstChildren;
}

export type ChangeInParensCstChildren = {
  ChangeParen: Token[];
  dataChange: DataChangeCstNode[];
  RParen: Token[];
};

export interface InsertCstNode extends CstNode {
  name: 'insert';
  children: InsertCstChildren;
}

export type InsertCstChildren = {
  INSERT: Token[];
  INTO: Token[];
  anyName: AnyNameCstNode[];
  AS?: Token[];
  alias?: Token[];
  ExprParen?: Token[];
  setTarget?: SetTargetCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  OVERRIDING?: Token[];
  overriding?: Token[];
  VALUE?: Token[];
  query?: QueryCstNode[];
  DEFAULT?: Token[];
  word?: Token[];
  onConflict?: OnConflictCstNode[];
  returning?: ReturningCstNode[];
};

export interface OnConflictCstNode extends CstNode {
  name: 'onConflict';
  children: OnConflictCstChildren;
}

export type OnConflictCstChildren = {
  ON: Token[];
  CONFLICT: Token[];
  LParen?: Token[];
  conflictColumn?: ConflictColumnCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  WHERE?: Token[];
  targetWhere?: ExpressionCstNode[];
  CONSTRAINT?: Token[];
  name?: Token[];
  DO: Token[];
  NOTHING?: Token[];
  UPDATE?: Token[];
  SET?: Token[];
  setClause?: SetClauseCstNode[];
  where?: ExpressionCstNode[];
};

export interface ConflictColumnCstNode extends CstNode {
  name: 'conflictColumn';
  children: ConflictColumnCstChildren;
}

export type ConflictColumnCstChildren = {
  expression: ExpressionCstNode[];
  anyName?: AnyNameCstNode[];
};

export interface ReturningCstNode extends CstNode {
  name: 'returning';
  children: ReturningCstChildren;
}

export type ReturningCstChildren = {
  RETURNING: Token[];
  selectItem: SelectItemCstNode[];
  Comma?: Token[];
};

export interface SetTargetCstNode extends CstNode {
  name: 'setTarget';
  children: SetTargetCstChildren;
}

export type SetTargetCstChildren = {
  name: Token[];
  postfix?: PostfixCstNode[];
};

export interface SetClauseCstNode extends CstNode {
  name: 'setClause';
  children: SetClauseCstChildren;
}

export type SetClauseCstChildren = {
  setTarget?: SetTargetCstNode[];
  LParen?: Token[];
  Comma?: Token[];
  RParen?: Token[];
  Equals: Token[];
  expression: ExpressionCstNode[];
};

export interface ChangeAliasCstNode extends CstNode {
  name: 'changeAlias';
  children: ChangeAliasCstChildren;
}

export type ChangeAliasCstChildren = {
  AS?: Token[];
  alias: Token[];
};

export interface ChangeWhereCstNode extends CstNode {
  name: 'changeWhere';
  children: ChangeWhereCstChildren;
}

export type ChangeWhereCstChildren = {
  WHERE: Token[];
  CURRENT_OF?: Token[];
  OF?: Token[];
  cursor?: Token[];
  expression?: ExpressionCstNode[];
};

export interface UpdateCstNode extends CstNode {
  name: 'update';
  children: UpdateCstChildren;
}

export type UpdateCstChildren = {
  UPDATE: Token[];
  relation: RelationCstNode[];
  changeAlias?: ChangeAliasCstNode[];
  SET: Token[];
  setClause: SetClauseCstNode[];
  Comma?: Token[];
  FROM?: Token[];
  joinTree?: JoinTreeCstNode[];
  changeWhere?: ChangeWhereCstNode[];
  returning?: ReturningCstNode[];
};

export interface DeleteCstNode extends CstNode {
  name: 'delete';
  children: DeleteCstChildren;
}

export type DeleteCstChildren = {
  DELETE: Token[];
  FROM: Token[];
  relation: RelationCstNode[];
  changeAlias?: ChangeAliasCstNode[];
  USING?: Token[];
  joinTree?: JoinTreeCstNode[];
  Comma?: Token[];
  changeWhere?: ChangeWhereCstNode[];
  returning?: ReturningCstNode[];
};

export interface TruncateCstNode extends CstNode {
  name: 'truncate';
  children: TruncateCstChildren;
}

export type TruncateCstChildren = {
  TRUNCATE: Token[];
  TABLE?: Token[];
  relation: RelationCstNode[];
  Comma?: Token[];
  RESTART?: Token[];
  CONTINUE?: Token[];
  IDENTITY?: Token[];
  dropBehavior?: DropBehaviorCstNode[];
};

export interface DropBehaviorCstNode extends CstNode {
  name: 'dropBehavior';
  children: DropBehaviorCstChildren;
}

export type DropBehaviorCstChildren = {
  CASCADE?: Token[];
  RESTRICT?: Token[];
};

export interface CopyCstNode extends CstNode {
  name: 'copy';
  children: CopyCstChildren;
}

export type CopyCstChildren = {
  COPY: Token[];
  subquery?: SubqueryCstNode[];
  changeInParens?: ChangeInParensCstNode[];
  BINARY?: Token[];
  anyName?: AnyNameCstNode[];
  nameList?: NameListCstNode[];
  FROM?: Token[];
  TO?: Token[];
  PROGRAM?: Token[];
  path?: Token[];
  STDIN?: Token[];
  STDOUT?: Token[];
  USING?: Token[];
  DELIMITERS?: Token[];
  delimiter?: Token[];
  WITH?: Token[];
  LParen?: Token[];
  copyOption?: CopyOptionCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  oldCopyOption?: OldCopyOptionCstNode[];
  WHERE?: Token[];
  expression?: ExpressionCstNode[];
};

export interface CopyOptionCstNode extends CstNode {
  name: 'copyOption';
  children: CopyOptionCstChildren;
}

export type CopyOptionCstChildren = {
  name: Token[];
  plainValue?: PlainValueCstNode[];
  Star?: Token[];
  LParen?: Token[];
  list?: PlainValueCstNode[];
  Comma?: Token[];
  RParen?: Token[];
};

export interface PlainValueCstNode extends CstNode {
  name: 'plainValue';
  children: PlainValueCstChildren;
}

export type PlainValueCstChildren = {
  word?: Token[];
  value?: Token[];
  sign?: Token[];
};

export interface OldCopyOptionCstNode extends CstNode {
  name: 'oldCopyOption';
  children: OldCopyOptionCstChildren;
}

export type OldCopyOptionCstChildren = {
  flag?: Token[];
  textOption?: Token[];
  AS?: Token[];
  value?: Token[];
  FORCE?: Token[];
  force?: Token[];
  NOT?: Token[];
  Star?: Token[];
  list?: Token[];
  Comma?: Token[];
};

export interface CreateCstNode extends CstNode {
  name: 'create';
  children: CreateCstChildren;
}

export type CreateCstChildren = {
  CREATE: Token[];
  OR?: Token[];
  REPLACE?: Token[];
  scope?: Token[];
  persistence?: Token[];
  createTable?: CreateTableCstNode[];
  createView?: CreateViewCstNode[];
  createSchema?: CreateSchemaCstNode[];
  createIndex?: CreateIndexCstNode[];
};

export interface IfNotExistsCstNode extends CstNode {
  name: 'ifNotExists';
  children: IfNotExistsCstChildren;
}

export type IfNotExistsCstChildren = {
  IF_EXISTS: Token[];
  NOT: Token[];
  word: Token[];
};

export interface CreateTableCstNode extends CstNode {
  name: 'createTable';
  children: CreateTableCstChildren;
}

export type CreateTableCstChildren = {
  TABLE: Token[];
  ifNotExists?: IfNotExistsCstNode[];
  anyName: AnyNameCstNode[];
  LParen?: Token[];
  tableElement?: TableElementCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  storageOptions?: StorageOptionsCstNode[];
  ON?: Token[];
  COMMIT?: Token[];
  onCommit?: Token[];
  ROWS?: Token[];
  AS?: Token[];
  query?: QueryCstNode[];
  execute?: ExecuteCstNode[];
  WITH?: Token[];
  NO?: Token[];
  DATA?: Token[];
};

export interface StorageOptionsCstNode extends CstNode {
  name: 'storageOptions';
  children: StorageOptionsCstChildren;
}

export type StorageOptionsCstChildren = {
  WITH?: Token[];
  LParen?: Token[];
  storageOption?: StorageOptionCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  WITHOUT?: Token[];
  OIDS?: Token[];
};

export interface StorageOptionCstNode extends CstNode {
  name: 'storageOption';
  children: StorageOptionCstChildren;
}

export type StorageOptionCstChildren = {
  name: Token[];
  Equals?: Token[];
  plainValue?: PlainValueCstNode[];
};

export interface TableElementCstNode extends CstNode {
  name: 'tableElement';
  children: TableElementCstChildren;
}

export type TableElementCstChildren = {
  tableConstraint?: TableConstraintCstNode[];
  LIKE?: Token[];
  anyName?: AnyNameCstNode[];
  likeMode?: Token[];
  likeWhat?: Token[];
  name?: Token[];
  typeName?: TypeNameCstNode[];
  columnConstraint?: ColumnConstraintCstNode[];
};

export interface ConstraintNameCstNode extends CstNode {
  name: 'constraintName';
  children: ConstraintNameCstChildren;
}

export type ConstraintNameCstChildren = {
  CONSTRAINT: Token[];
  name: Token[];
};

export interface ColumnConstraintCstNode extends CstNode {
  name: 'columnConstraint';
  children: ColumnConstraintCstChildren;
}

export type ColumnConstraintCstChildren = {
  constraintName?: ConstraintNameCstNode[];
  NOT?: Token[];
  NULL?: Token[];
  DEFERRABLE?: Token[];
  INITIALLY?: Token[];
  initially?: Token[];
  uniqueHead?: UniqueHeadCstNode[];
  check?: CheckCstNode[];
  DEFAULT?: Token[];
  plainExpression?: PlainExpressionCstNode[];
  GENERATED?: Token[];
  ALWAYS?: Token[];
  BY?: Token[];
  AS?: Token[];
  IDENTITY?: Token[];
  LParen?: Token[];
  expression?: ExpressionCstNode[];
  RParen?: Token[];
  STORED?: Token[];
  references?: ReferencesCstNode[];
  COLLATE?: Token[];
  anyName?: AnyNameCstNode[];
};

export interface UniqueHeadCstNode extends CstNode {
  name: 'uniqueHead';
  children: UniqueHeadCstChildren;
}

export type UniqueHeadCstChildren = {
  UNIQUE?: Token[];
  nulls?: Token[];
  NOT?: Token[];
  DISTINCT?: Token[];
  PRIMARY?: Token[];
  KEY?: Token[];
};

export interface CheckCstNode extends CstNode {
  name: 'check';
  children: CheckCstChildren;
}

export type CheckCstChildren = {
  CHECK: Token[];
  LParen: Token[];
  expression: ExpressionCstNode[];
  RParen: Token[];
  NO?: Token[];
  INHERIT?: Token[];
};

export interface ReferencesCstNode extends CstNode {
  name: 'references';
  children: ReferencesCstChildren;
}

export type ReferencesCstChildren = {
  REFERENCES: Token[];
  anyName: AnyNameCstNode[];
  nameList?: NameListCstNode[];
  MATCH?: Token[];
  match?: Token[];
  ON?: Token[];
  event?: Token[];
  referenceAction?: ReferenceActionCstNode[];
};

export interface ReferenceActionCstNode extends CstNode {
  name: 'referenceAction';
  children: ReferenceActionCstChildren;
}

export type ReferenceActionCstChildren = {
  NO?: Token[];
  ACTION?: Token[];
  RESTRICT?: Token[];
  CASCADE?: Token[];
  SET?: Token[];
  NULL?: Token[];
  DEFAULT?: Token[];
  nameList?: NameListCstNode[];
};

export interface TableConstraintCstNode extends CstNode {
  name: 'tableConstraint';
  children: TableConstraintCstChildren;
}

export type TableConstraintCstChildren = {
  constraintName?: ConstraintNameCstNode[];
  uniqueHead?: UniqueHeadCstNode[];
  nameList?: NameListCstNode[];
  check?: CheckCstNode[];
  FOREIGN?: Token[];
  KEY?: Token[];
  references?: ReferencesCstNode[];
  constraintAttribute?: ConstraintAttributeCstNode[];
};

export interface ConstraintAttributeCstNode extends CstNode {
  name: 'constraintAttribute';
  children: ConstraintAttributeCstChildren;
}

export type ConstraintAttributeCstChildren = {
  NOT?: Token[];
  DEFERRABLE?: Token[];
  INITIALLY?: Token[];
  initially?: Token[];
};

export interface CreateViewCstNode extends CstNode {
  name: 'createView';
  children: CreateViewCstChildren;
}

export type CreateViewCstChildren = {
  RECURSIVE?: Token[];
  VIEW: Token[];
  anyName: AnyNameCstNode[];
  nameList?: NameListCstNode[];
  storageOptions?: StorageOptionsCstNode[];
  AS: Token[];
  query: QueryCstNode[];
  WITH?: Token[];
  checkScope?: Token[];
  CHECK?: Token[];
  OPTION?: Token[];
};

export interface CreateSchemaCstNode extends CstNode {
  name: 'createSchema';
  children: CreateSchemaCstChildren;
}

export type CreateSchemaCstChildren = {
  SCHEMA: Token[];
  ifNotExists?: IfNotExistsCstNode[];
  name?: Token[];
  authorization?: AuthorizationCstNode[];
};

export interface CreateIndexCstNode extends CstNode {
  name: 'createIndex';
  children: CreateIndexCstChildren;
}

export type CreateIndexCstChildren = {
  UNIQUE?: Token[];
  INDEX: Token[];
  CONCURRENTLY?: Token[];
  ifNotExists?: IfNotExistsCstNode[];
  name?: Token[];
  ON: Token[];
  ONLY?: Token[];
  anyName: AnyNameCstNode[];
  USING?: Token[];
  method?: Token[];
  LParen: Token[];
  sortItem: SortItemCstNode[];
  Comma?: Token[];
  RParen: Token[];
  nulls?: Token[];
  NOT?: Token[];
  DISTINCT?: Token[];
  storageOptions?: StorageOptionsCstNode[];
  WHERE?: Token[];
  where?: ExpressionCstNode[];
};

export interface AuthorizationCstNode extends CstNode {
  name: 'authorization';
  children: AuthorizationCstChildren;
}

export type AuthorizationCstChildren = {
  AUTHORIZATION: Token[];
  role: RoleCstNode[];
};

export interface RoleCstNode extends CstNode {
  name: 'role';
  children: RoleCstChildren;
}

export type RoleCstChildren = {
  name?: Token[];
};

export interface DropCstNode extends CstNode {
  name: 'drop';
  children: DropCstChildren;
}

export type DropCstChildren = {
  DROP: Token[];
  object?: Token[];
  IF_EXISTS?: Token[];
  word?: Token[];
  anyName: AnyNameCstNode[];
  Comma?: Token[];
  dropBehavior?: DropBehaviorCstNode[];
};

export interface CommentCstNode extends CstNode {
  name: 'comment';
  children: CommentCstChildren;
}

export type CommentCstChildren = {
  COMMENT: Token[];
  ON: Token[];
  object?: Token[];
  anyName: AnyNameCstNode[];
  IS: Token[];
  text?: Token[];
};

export interface ExecuteCstNode extends CstNode {
  name: 'execute';
  children: ExecuteCstChildren;
}

export type ExecuteCstChildren = {
  EXECUTE: Token[];
  name: Token[];
  LParen?: Token[];
  expression?: ExpressionCstNode[];
  Comma?: Token[];
  RParen?: Token[];
};

export interface AlterTableCstNode extends CstNode {
  name: 'alterTable';
  children: AlterTableCstChildren;
}

export type AlterTableCstChildren = {
  ALTER: Token[];
  TABLE: Token[];
  ifExists?: IfExistsCstNode[];
  relation: RelationCstNode[];
  rename?: RenameCstNode[];
  alterAction?: AlterActionCstNode[];
  Comma?: Token[];
};

export interface IfExistsCstNode extends CstNode {
  name: 'ifExists';
  children: IfExistsCstChildren;
}

export type IfExistsCstChildren = {
  IF_EXISTS: Token[];
  word: Token[];
};

export interface RenameCstNode extends CstNode {
  name: 'rename';
  children: RenameCstChildren;
}

export type RenameCstChildren = {
  RENAME: Token[];
  TO?: Token[];
  newName?: Token[];
  CONSTRAINT?: Token[];
  name?: Token[];
  COLUMN?: Token[];
};

export interface AlterActionCstNode extends CstNode {
  name: 'alterAction';
  children: AlterActionCstChildren;
}

export type AlterActionCstChildren = {
  addAction?: AddActionCstNode[];
  dropAction?: DropActionCstNode[];
  alterColumn?: AlterColumnCstNode[];
};

export interface AddActionCstNode extends CstNode {
  name: 'addAction';
  children: AddActionCstChildren;
}

export type AddActionCstChildren = {
  ADD: Token[];
  tableConstraint?: TableConstraintCstNode[];
  COLUMN?: Token[];
  ifNotExists?: IfNotExistsCstNode[];
  name?: Token[];
  typeName?: TypeNameCstNode[];
  columnConstraint?: ColumnConstraintCstNode[];
};

export interface DropActionCstNode extends CstNode {
  name: 'dropAction';
  children: DropActionCstChildren;
}

export type DropActionCstChildren = {
  DROP: Token[];
  CONSTRAINT?: Token[];
  COLUMN?: Token[];
  ifExists?: IfExistsCstNode[];
  name: Token[];
  dropBehavior?: DropBehaviorCstNode[];
};

export interface AlterColumnCstNode extends CstNode {
  name: 'alterColumn';
  children: AlterColumnCstChildren;
}

export type AlterColumnCstChildren = {
  ALTER: Token[];
  COLUMN?: Token[];
  name: Token[];
  SET?: Token[];
  DEFAULT?: Token[];
  value?: ExpressionCstNode[];
  NOT?: Token[];
  NULL?: Token[];
  DATA?: Token[];
  newType?: NewTypeCstNode[];
  DROP?: Token[];
  generation?: Token[];
  ifExists?: IfExistsCstNode[];
  ADD?: Token[];
  columnConstraint?: ColumnConstraintCstNode[];
};

export interface NewTypeCstNode extends CstNode {
  name: 'newType';
  children: NewTypeCstChildren;
}

export type NewTypeCstChildren = {
  TYPE: Token[];
  typeName: TypeNameCstNode[];
  COLLATE?: Token[];
  anyName?: AnyNameCstNode[];
  USING?: Token[];
  expression?: ExpressionCstNode[];
};

export interface SetCstNode extends CstNode {
  name: 'set';
  children: SetCstChildren;
}

export type SetCstChildren = {
  SET: Token[];
  scope?: Token[];
  settingName?: SettingNameCstNode[];
  TO?: Token[];
  Equals?: Token[];
  plainValue?: PlainValueCstNode[];
  Comma?: Token[];
  setTransaction?: SetTransactionCstNode[];
  TIME_ZONE?: Token[];
  ZONE?: Token[];
  typedConstant?: TypedConstantCstNode[];
  ROLE?: Token[];
  AUTHORIZATION?: Token[];
  SCHEMA?: Token[];
  NAMES?: Token[];
};

export interface SetTransactionCstNode extends CstNode {
  name: 'setTransaction';
  children: SetTransactionCstChildren;
}

export type SetTransactionCstChildren = {
  TRANSACTION?: Token[];
  CHARACTERISTICS?: Token[];
  AS?: Token[];
  transactionModes: TransactionModesCstNode[];
};

export interface SettingNameCstNode extends CstNode {
  name: 'settingName';
  children: SettingNameCstChildren;
}

export type SettingNameCstChildren = {
  name: Token[];
  Dot?: Token[];
};

export interface ShowOrResetCstNode extends CstNode {
  name: 'showOrReset';
  children: ShowOrResetCstChildren;
}

export type ShowOrResetCstChildren = {
  verb?: Token[];
  ALL?: Token[];
  TIME_ZONE?: Token[];
  ZONE?: Token[];
  settingName?: SettingNameCstNode[];
  AUTHORIZATION?: Token[];
  ISOLATION?: Token[];
  LEVEL?: Token[];
};

export interface TransactionModesCstNode extends CstNode {
  name: 'transactionModes';
  children: TransactionModesCstChildren;
}

export type TransactionModesCstChildren = {
  transactionMode: TransactionModeCstNode[];
  Comma?: Token[];
};

export interface TransactionModeCstNode extends CstNode {
  name: 'transactionMode';
  children: TransactionModeCstChildren;
}

export type TransactionModeCstChildren = {
  ISOLATION?: Token[];
  LEVEL?: Token[];
  level?: Token[];
  READ?: Token[];
  access?: Token[];
  NOT?: Token[];
  DEFERRABLE?: Token[];
};

export interface BeginCstNode extends CstNode {
  name: 'begin';
  children: BeginCstChildren;
}

export type BeginCstChildren = {
  BEGIN?: Token[];
  noise?: Token[];
  START?: Token[];
  TRANSACTION?: Token[];
  transactionModes?: TransactionModesCstNode[];
};

export interface FinishCstNode extends CstNode {
  name: 'finish';
  children: FinishCstChildren;
}

export type FinishCstChildren = {
  verb?: Token[];
  noise?: Token[];
  TO?: Token[];
  savepointName?: SavepointNameCstNode[];
  AND?: Token[];
  NO?: Token[];
  CHAIN?: Token[];
};

export interface SavepointNameCstNode extends CstNode {
  name: 'savepointName';
  children: SavepointNameCstChildren;
}

export type SavepointNameCstChildren = {
  SAVEPOINT?: Token[];
  name: Token[];
};

export interface SavepointCstNode extends CstNode {
  name: 'savepoint';
  children: SavepointCstChildren;
}

export type SavepointCstChildren = {
  SAVEPOINT?: Token[];
  name?: Token[];
  RELEASE?: Token[];
  savepointName?: SavepointNameCstNode[];
};

export interface PrepareCstNode extends CstNode {
  name: 'prepare';
  children: PrepareCstChildren;
}

export type PrepareCstChildren = {
  PREPARE: Token[];
  name: Token[];
  LParen?: Token[];
  typeName?: TypeNameCstNode[];
  Comma?: Token[];
  RParen?: Token[];
  AS: Token[];
  dataChange?: DataChangeCstNode[];
  query?: QueryCstNode[];
};

export interface DeallocateCstNode extends CstNode {
  name: 'deallocate';
  children: DeallocateCstChildren;
}

export type DeallocateCstChildren = {
  DEALLOCATE: Token[];
  PREPARE?: Token[];
  name?: Token[];
  ALL?: Token[];
};

export interface DeclareCstNode extends CstNode {
  name: 'declare';
  children: DeclareCstChildren;
}

export type DeclareCstChildren = {
  DECLARE: Token[];
  name: Token[];
  BINARY?: Token[];
  INSENSITIVE?: Token[];
  ASENSITIVE?: Token[];
  NO?: Token[];
  SCROLL?: Token[];
  CURSOR: Token[];
  hold?: Token[];
  HOLD?: Token[];
  FOR: Token[];
  query: QueryCstNode[];
};

export interface FetchCursorCstNode extends CstNode {
  name: 'fetchCursor';
  children: FetchCursorCstChildren;
}

export type FetchCursorCstChildren = {
  verb?: Token[];
  fetchDirection?: FetchDirectionCstNode[];
  FROM?: Token[];
  IN?: Token[];
  name: Token[];
};

export interface FetchDirectionCstNode extends CstNode {
  name: 'fetchDirection';
  children: FetchDirectionCstChildren;
}

export type FetchDirectionCstChildren = {
  step?: Token[];
  to?: Token[];
  signedInteger?: SignedIntegerCstNode[];
  way?: Token[];
  ALL?: Token[];
};

export interface SignedIntegerCstNode extends CstNode {
  name: 'signedInteger';
  children: SignedIntegerCstChildren;
}

export type SignedIntegerCstChildren = {
  sign?: Token[];
  Integer: Token[];
};

export interface CloseCstNode extends CstNode {
  name: 'close';
  children: CloseCstChildren;
}

export type CloseCstChildren = {
  CLOSE: Token[];
  name?: Token[];
  ALL?: Token[];
};

export interface DiscardCstNode extends CstNode {
  name: 'discard';
  children: DiscardCstChildren;
}

export type DiscardCstChildren = {
  DISCARD: Token[];
  what?: Token[];
};

export interface ListenCstNode extends CstNode {
  name: 'listen';
  children: ListenCstChildren;
}

export type ListenCstChildren = {
  LISTEN?: Token[];
  name?: Token[];
  UNLISTEN?: Token[];
  Star?: Token[];
  NOTIFY?: Token[];
  Comma?: Token[];
  StringConstant?: Token[];
};

export interface AnalyzeCstNode extends CstNode {
  name: 'analyze';
  children: AnalyzeCstChildren;
}

export type AnalyzeCstChildren = {
  ANALYZE: Token[];
  VERBOSE?: Token[];
  relation?: RelationCstNode[];
  nameList?: NameListCstNode[];
  Comma?: Token[];
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
  dataChange?: DataChangeCstNode[];
  query?: QueryCstNode[];
  explain?: ExplainCstNode[];
  create?: CreateCstNode[];
  alterTable?: AlterTableCstNode[];
  drop?: DropCstNode[];
  comment?: CommentCstNode[];
  truncate?: TruncateCstNode[];
  copy?: CopyCstNode[];
  set?: SetCstNode[];
  showOrReset?: ShowOrResetCstNode[];
  begin?: BeginCstNode[];
  finish?: FinishCstNode[];
  savepoint?: SavepointCstNode[];
  prepare?: PrepareCstNode[];
  execute?: ExecuteCstNode[];
  deallocate?: DeallocateCstNode[];
  declare?: DeclareCstNode[];
  fetchCursor?: FetchCursorCstNode[];
  close?: CloseCstNode[];
  discard?: DiscardCstNode[];
  listen?: ListenCstNode[];
  analyze?: AnalyzeCstNode[];
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
  dataChange?: DataChangeCstNode[];
  query?: QueryCstNode[];
  create?: CreateCstNode[];
  declare?: DeclareCstNode[];
  execute?: ExecuteCstNode[];
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
