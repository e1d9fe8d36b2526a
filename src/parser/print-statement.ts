// Statements as canonical text.
import type { Name, QualifiedName, TypeName } from './ast.js';
import { printExpr } from './print-expr.js';
import { printName, printQualified, printString, printTypeName } from './print-names.js';
import { printFromItem, printNative, printQuery, printSelectItem, printWith } from './print-query.js';
import type {
  AlterAction,
  AlterTable,
  ColumnConstraint,
  CopyOption,
  CopyStatement,
  CreateIndex,
  CreateTable,
  CreateTableAs,
  CreateView,
  DeclareCursor,
  DeleteStatement,
  FetchCursor,
  InsertStatement,
  Persistence,
  ReferenceAction,
  SetClause,
  SetTarget,
  Statement,
  StorageOptions,
  TableConstraint,
  TransactionModes,
  TransactionStatement,
  UpdateStatement,
} from './statement-ast.js';

/** The parts that are there, with blanks between. */
const words = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter((part) => part !== false && part !== undefined && part !== '').join(' ');

const nameList = (names: readonly Name[]) => names.map(printName).join(', ');
const inParens = (names: readonly Name[]) => names.length > 0 && `(${nameList(names)})`;
const printType = (type: TypeName) => printTypeName(type, type.modifiers.map(printExpr));
const printNames = (names: readonly QualifiedName[]) => names.map(printQualified).join(', ');

export function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'query_statement':
      return statement.language === 'native' ? printNative(statement.query) : printQuery(statement.query);
    case 'explain': {
      const options = [...statement.options].map(([name, value]) => (value === true ? name : `${name} ${value}`));
      return words('EXPLAIN', options.length > 0 && `(${options.join(', ')})`, printStatement(statement.statement));
    }
    case 'insert':
      return printInsert(statement);
    case 'update':
      return printUpdate(statement);
    case 'delete':
      return printDelete(statement);
    case 'truncate':
      return words(
        'TRUNCATE',
        statement.tables.map(printFromItem).join(', '),
        statement.restartIdentity && 'RESTART IDENTITY',
        statement.cascade && 'CASCADE',
      );
    case 'copy':
      return printCopy(statement);
    case 'alter_table':
      return printAlterTable(statement);
    case 'create_table':
      return printCreateTable(statement);
    case 'create_table_as':
      return printCreateTableAs(statement);
    case 'create_view':
      return printCreateView(statement);
    case 'create_schema':
      return words(
        'CREATE SCHEMA',
        statement.ifNotExists && 'IF NOT EXISTS',
        statement.name && printName(statement.name),
        statement.role && `AUTHORIZATION ${printName(statement.role)}`,
      );
    case 'create_index':
      return printCreateIndex(statement);
    case 'drop':
      return words(
        `DROP ${statement.object.toUpperCase()}`,
        statement.ifExists && 'IF EXISTS',
        printNames(statement.names),
        statement.cascade && 'CASCADE',
      );
    case 'comment': {
      const text = statement.text === undefined ? 'NULL' : printString(statement.text);
      return `COMMENT ON ${statement.object.toUpperCase()} ${printQualified(statement.name)} IS ${text}`;
    }
    case 'set':
      // The only value that has a syntax of its own.
      if (statement.values[0]?.kind === 'typed_literal')
        return words('SET', statement.scope === 'local' && 'LOCAL', `TIME ZONE ${printExpr(statement.values[0])}`);
      return words(
        'SET',
        statement.scope === 'local' && 'LOCAL',
        printSetting(statement.name),
        'TO',
        statement.values.length > 0 ? statement.values.map(printExpr).join(', ') : 'DEFAULT',
      );
    case 'set_transaction': {
      const head = statement.scope === 'session' ? 'SET SESSION CHARACTERISTICS AS TRANSACTION' : 'SET TRANSACTION';
      return words(head, printModes(statement.modes));
    }
    case 'show':
    case 'reset':
      return words(statement.kind.toUpperCase(), printSetting(statement.name));
    case 'transaction':
      return printTransaction(statement);
    case 'savepoint': {
      const verb = { set: 'SAVEPOINT', release: 'RELEASE SAVEPOINT', 'rollback to': 'ROLLBACK TO SAVEPOINT' };
      return `${verb[statement.action]} ${printName(statement.name)}`;
    }
    case 'prepare': {
      const types = statement.types.length > 0 && `(${statement.types.map(printType).join(', ')})`;
      return words('PREPARE', printName(statement.name), types, 'AS', printStatement(statement.statement));
    }
    case 'execute':
      return words(
        'EXECUTE',
        printName(statement.name),
        statement.args.length > 0 && `(${statement.args.map(printExpr).join(', ')})`,
      );
    case 'deallocate':
      return `DEALLOCATE ${statement.name ? `PREPARE ${printName(statement.name)}` : 'ALL'}`;
    case 'declare':
      return printDeclare(statement);
    case 'fetch':
      return printFetch(statement);
    case 'close':
      return `CLOSE ${statement.name ? printName(statement.name) : 'ALL'}`;
    case 'discard':
      return `DISCARD ${statement.what.toUpperCase()}`;
    case 'listen':
    case 'unlisten':
      return `${statement.kind.toUpperCase()} ${statement.channel ? printName(statement.channel) : '*'}`;
    case 'notify': {
      const payload = statement.payload === undefined ? '' : `, ${printString(statement.payload)}`;
      return `NOTIFY ${printName(statement.channel)}${payload}`;
    }
    case 'analyze': {
      const tables = statement.tables.map(({ table, columns }) => words(printFromItem(table), inParens(columns)));
      return words('ANALYZE', tables.join(', '));
    }
  }
}

// ---- rows ------------------------------------------------------------------------------------------------------------

function printTarget({ column, path }: SetTarget): string {
  const steps = path.map((step) => {
    if (step.kind === 'field') return `.${printName(step.name)}`;
    if (step.kind === 'subscript') return `[${printExpr(step.index)}]`;
    return `[${step.lower ? printExpr(step.lower) : ''}:${step.upper ? printExpr(step.upper) : ''}]`;
  });
  return printName(column) + steps.join('');
}

function printSet(clauses: readonly SetClause[]): string {
  const printed = clauses.map(({ targets, isRow, value }) => {
    const left = targets.map(printTarget).join(', ');
    return `${isRow ? `(${left})` : left} = ${printExpr(value)}`;
  });
  return `SET ${printed.join(', ')}`;
}

const printReturning = (items: InsertStatement['returning']) =>
  items.length > 0 && `RETURNING ${items.map(printSelectItem).join(', ')}`;

const printWhere = ({ where, cursor }: Pick<UpdateStatement, 'where' | 'cursor'>) =>
  cursor ? `WHERE CURRENT OF ${printName(cursor)}` : where && `WHERE ${printExpr(where)}`;

function printInsert(insert: InsertStatement): string {
  return words(
    insert.with && printWith(insert.with),
    `INSERT INTO ${printQualified(insert.table)}`,
    insert.alias && `AS ${printName(insert.alias)}`,
    insert.columns.length > 0 && `(${insert.columns.map(printTarget).join(', ')})`,
    insert.overriding && `OVERRIDING ${insert.overriding.toUpperCase()} VALUE`,
    insert.source ? printQuery(insert.source) : 'DEFAULT VALUES',
    insert.onConflict && printConflict(insert.onConflict),
    printReturning(insert.returning),
  );
}

function printConflict({ target, update }: NonNullable<InsertStatement['onConflict']>): string {
  return words(
    'ON CONFLICT',
    target && 'constraint' in target && `ON CONSTRAINT ${printName(target.constraint)}`,
    target && 'columns' in target && `(${target.columns.map(printConflictColumn).join(', ')})`,
    target && 'columns' in target && target.where && `WHERE ${printExpr(target.where)}`,
    update
      ? words('DO UPDATE', printSet(update.set), update.where && `WHERE ${printExpr(update.where)}`)
      : 'DO NOTHING',
  );
}

function printConflictColumn({
  expr,
  opclass,
}: Extract<NonNullable<InsertStatement['onConflict']>['target'], { columns: unknown }>['columns'][number]): string {
  const inner = expr.kind === 'collate' ? expr.arg : expr;
  const text = inner.kind === 'column' ? printExpr(inner) : `(${printExpr(inner)})`;
  return words(
    text,
    expr.kind === 'collate' && `COLLATE ${printQualified(expr.collation)}`,
    opclass && printQualified(opclass),
  );
}

function printUpdate(update: UpdateStatement): string {
  return words(
    update.with && printWith(update.with),
    `UPDATE ${printFromItem(update.table)}`,
    printSet(update.set),
    update.from.length > 0 && `FROM ${update.from.map(printFromItem).join(', ')}`,
    printWhere(update),
    printReturning(update.returning),
  );
}

function printDelete(removal: DeleteStatement): string {
  return words(
    removal.with && printWith(removal.with),
    `DELETE FROM ${printFromItem(removal.table)}`,
    removal.using.length > 0 && `USING ${removal.using.map(printFromItem).join(', ')}`,
    printWhere(removal),
    printReturning(removal.returning),
  );
}

function printCopy(copy: CopyStatement): string {
  const { source, direction, path, options, where } = copy;
  const end = path !== undefined ? printString(path) : direction === 'from' ? 'STDIN' : 'STDOUT';
  const printed = [...options].map(([name, value]) => words(printName(asName(name)), printCopyOption(value)));
  return words(
    'COPY',
    'table' in source
      ? words(printQualified(source.table), inParens(source.columns))
      : `(${'query' in source ? printQuery(source.query) : printStatement(source.change)})`,
    direction.toUpperCase(),
    copy.isProgram && 'PROGRAM',
    end,
    printed.length > 0 && `(${printed.join(', ')})`,
    where && `WHERE ${printExpr(where)}`,
  );
}

function printCopyOption(value: CopyOption): string | false {
  if (value === true) return false;
  if (typeof value !== 'string') return `(${nameList(value)})`;
  return value === '*' ? '*' : printString(value);
}

const asName = (text: string): Name => ({ text, quoted: false, span: { start: 0, end: 0 } });
/** Dots divide its parts. */
const printSetting = (name: string) =>
  name
    .split('.')
    .map((part) => printName(asName(part)))
    .join('.');

// ---- definitions -----------------------------------------------------------------------------------------------------

const printPersistence = (persistence: Persistence) =>
  ({ permanent: '', temporary: 'TEMPORARY', unlogged: 'UNLOGGED' })[persistence];

function printOptions(options: StorageOptions): string | false {
  const printed = [...options].map(([name, value]) =>
    value === true ? printName(asName(name)) : `${printName(asName(name))} = ${printString(value)}`,
  );
  return printed.length > 0 && `WITH (${printed.join(', ')})`;
}

function printCreateTable(table: CreateTable): string {
  const elements = [
    ...table.columns.map(({ name, type, constraints }) =>
      words(printName(name), printType(type), ...constraints.map(printColumnConstraint)),
    ),
    ...table.constraints.map(printTableConstraint),
    ...table.likes.map(({ table: like, options }) =>
      words(`LIKE ${printQualified(like)}`, options.join(' ').toUpperCase()),
    ),
  ];
  return words(...tableHead(table), `(${elements.join(', ')})`, ...tableTail(table));
}

const tableHead = ({ persistence, ifNotExists, name }: CreateTable | CreateTableAs) => [
  'CREATE',
  printPersistence(persistence),
  'TABLE',
  ifNotExists && 'IF NOT EXISTS',
  printQualified(name),
];

const tableTail = ({ options, onCommit }: CreateTable | CreateTableAs) => [
  printOptions(options),
  onCommit && `ON COMMIT ${onCommit.toUpperCase()}`,
];

function printCreateTableAs(table: CreateTableAs): string {
  const { source } = table;
  return words(
    ...tableHead(table),
    inParens(table.columns),
    ...tableTail(table),
    'AS',
    source.kind === 'execute' ? printStatement(source) : printQuery(source),
    !table.withData && 'WITH NO DATA',
  );
}

function printAlterTable({ ifExists, table, actions }: AlterTable): string {
  return words('ALTER TABLE', ifExists && 'IF EXISTS', printFromItem(table), actions.map(printAlterAction).join(', '));
}

function printAlterAction(action: AlterAction): string {
  const column = (name: Name, ...rest: (string | false | undefined)[]) =>
    words('ALTER COLUMN', printName(name), ...rest);
  switch (action.kind) {
    case 'add_column': {
      const { name, type, constraints } = action.column;
      const there = action.ifNotExists && 'IF NOT EXISTS';
      return words('ADD COLUMN', there, printName(name), printType(type), ...constraints.map(printColumnConstraint));
    }
    case 'add_constraint':
      return words('ADD', printTableConstraint(action.constraint));
    case 'drop_column':
    case 'drop_constraint': {
      const what = action.kind === 'drop_column' ? 'COLUMN' : 'CONSTRAINT';
      return words('DROP', what, action.ifExists && 'IF EXISTS', printName(action.name), action.cascade && 'CASCADE');
    }
    case 'set_default':
      return column(action.name, action.value ? `SET DEFAULT ${printExpr(action.value)}` : 'DROP DEFAULT');
    case 'set_not_null':
      return column(action.name, 'SET NOT NULL');
    case 'drop_not_null':
      return column(action.name, 'DROP NOT NULL');
    case 'set_type':
      return column(action.name, 'TYPE', printType(action.type), action.using && `USING ${printExpr(action.using)}`);
    case 'add_identity':
      return column(action.name, `ADD GENERATED ${action.always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`);
    case 'drop_identity':
    case 'drop_expression':
      return column(
        action.name,
        action.kind === 'drop_identity' ? 'DROP IDENTITY' : 'DROP EXPRESSION',
        action.ifExists && 'IF EXISTS',
      );
    case 'rename_column':
      return `RENAME COLUMN ${printName(action.name)} TO ${printName(action.to)}`;
    case 'rename_constraint':
      return `RENAME CONSTRAINT ${printName(action.name)} TO ${printName(action.to)}`;
    case 'rename_table':
      return `RENAME TO ${printName(action.to)}`;
  }
}

function printCreateIndex({ unique, ifNotExists, name, table, columns, nullsNotDistinct }: CreateIndex): string {
  const shown = columns.map(({ name: column, direction, nulls }) =>
    words(printName(column), direction === 'desc' && 'DESC', nulls && `NULLS ${nulls.toUpperCase()}`),
  );
  return words(
    unique ? 'CREATE UNIQUE INDEX' : 'CREATE INDEX',
    ifNotExists && 'IF NOT EXISTS',
    name && printName(name),
    `ON ${printQualified(table)} (${shown.join(', ')})`,
    nullsNotDistinct && 'NULLS NOT DISTINCT',
  );
}

type Rule = TableConstraint['rule'];

function printRule(rule: Rule, columns: readonly Name[]): string {
  switch (rule.kind) {
    case 'unique':
      return words('UNIQUE', rule.nullsNotDistinct && 'NULLS NOT DISTINCT', inParens(columns));
    case 'primary_key':
      return words('PRIMARY KEY', inParens(columns));
    case 'check':
      return words(`CHECK (${printExpr(rule.condition)})`, rule.noInherit && 'NO INHERIT');
    case 'references':
      return words(
        columns.length > 0 && `FOREIGN KEY (${nameList(columns)})`,
        `REFERENCES ${printQualified(rule.table)}`,
        inParens(rule.columns),
        rule.match && `MATCH ${rule.match.toUpperCase()}`,
        rule.onDelete && `ON DELETE ${printAction(rule.onDelete)}`,
        rule.onUpdate && `ON UPDATE ${printAction(rule.onUpdate)}`,
      );
  }
}

const printAction = ({ action, columns }: ReferenceAction) => words(action.toUpperCase(), inParens(columns));

const constraintName = (name: Name | undefined) => name && `CONSTRAINT ${printName(name)}`;

function printTableConstraint({ name, columns, rule, timing }: TableConstraint): string {
  return words(constraintName(name), printRule(rule, columns), timing.join(' ').toUpperCase());
}

function printColumnConstraint(constraint: ColumnConstraint): string {
  const head = constraintName(constraint.name);
  switch (constraint.kind) {
    case 'not_null':
      return words(head, 'NOT NULL');
    case 'null':
      return words(head, 'NULL');
    case 'default':
      return words(head, `DEFAULT (${printExpr(constraint.value)})`);
    case 'generated':
      return words(head, `GENERATED ALWAYS AS (${printExpr(constraint.value)}) STORED`);
    case 'identity':
      return words(head, `GENERATED ${constraint.always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`);
    case 'collate':
      return words(head, `COLLATE ${printQualified(constraint.collation)}`);
    case 'timing':
      return constraint.timing.toUpperCase();
    default:
      return words(head, printRule(constraint, []));
  }
}

function printCreateView(view: CreateView): string {
  return words(
    'CREATE',
    view.replace && 'OR REPLACE',
    printPersistence(view.persistence),
    view.recursive && 'RECURSIVE',
    'VIEW',
    printQualified(view.name),
    inParens(view.columns),
    printOptions(view.options),
    'AS',
    printQuery(view.query),
    view.check && `WITH ${view.check.toUpperCase()} CHECK OPTION`,
  );
}

// ---- session ---------------------------------------------------------------------------------------------------------

function printModes({ isolation, readOnly, deferrable }: TransactionModes): string {
  return [
    ...(isolation === undefined ? [] : [`ISOLATION LEVEL ${isolation.toUpperCase()}`]),
    ...(readOnly === undefined ? [] : [readOnly ? 'READ ONLY' : 'READ WRITE']),
    ...(deferrable === undefined ? [] : [deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE']),
  ].join(', ');
}

function printTransaction({ action, start, modes, chain }: TransactionStatement): string {
  return words(start ? 'START TRANSACTION' : action.toUpperCase(), printModes(modes), chain && 'AND CHAIN');
}

function printDeclare(cursor: DeclareCursor): string {
  return words(
    'DECLARE',
    printName(cursor.name),
    cursor.binary && 'BINARY',
    cursor.scroll !== undefined && (cursor.scroll ? 'SCROLL' : 'NO SCROLL'),
    'CURSOR',
    cursor.hold && 'WITH HOLD',
    'FOR',
    printQuery(cursor.query),
  );
}

function printFetch({ move, direction, count, name }: FetchCursor): string {
  return words(
    move ? 'MOVE' : 'FETCH',
    direction.toUpperCase(),
    count === 'all' ? 'ALL' : String(count),
    'FROM',
    printName(name),
  );
}
