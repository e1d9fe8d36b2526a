// Columns as an Arrow schema.
import * as arrow from 'apache-arrow';
import { toArrowType } from '../core/index.js';
import type { Column } from '../planner/index.js';

export function arrowSchema(columns: readonly Column[]): arrow.Schema {
  return new arrow.Schema(columns.map((c) => new arrow.Field(c.name, toArrowType(c.type), true)));
}
