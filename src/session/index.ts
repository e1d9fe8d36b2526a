// One opened store, and one user's statements on it.
export type { Backend, DatasetSnapshot, FileDetails, TableEntry } from '../catalog/index.js';
export type { IngestOptions, IngestReport } from '../ingest/index.js';
export { complete, type KnownTable, type Statement } from '../parser/index.js';
export { checkPool, initPool, type LayoutNode } from '../store/index.js';
export {
  type CellFormat,
  decodeCell,
  decodeText,
  fromUtf8,
  RowEncoder,
  recodeCell,
  recodeTuples,
  toUtf8,
  typeOfCell,
} from './cells/index.js';
export type { CopyIn } from './copy/copy-from.js';
export type { CopyFormat } from './copy/copy-options.js';
export { type CopyOut, copyOut } from './copy/copy-out.js';
export { CopyWriter } from './copy/copy-writer.js';
export { Cursor } from './cursor.js';
export { Database, type DatabaseOptions, defaultStore } from './database.js';
export type { Notification } from './notifications.js';
export type { PlannedQuery } from './planned-query.js';
export type { Notice, PreparedStatement, StatementResult, TypedValue } from './prepared-statement.js';
export type { QueryResult, ResultColumn } from './query-result.js';
export { allRights, type Rights } from './rights.js';
export { rowsOf, valueReader } from './row-reader.js';
export { Session } from './session.js';
export type { FileResult, NativeTarget, QueryOptions, SessionSettings } from './session-options.js';
export { milliseconds, serverVersionNumber } from './settings.js';
export { onlyReads } from './statement-kinds.js';
export type { TransactionStatus } from './transaction-block.js';
