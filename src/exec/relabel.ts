// Record batches under another schema of the same layout: engines name fields, and the items of lists, as they like.
import * as arrow from 'apache-arrow';

/** The same buffers with the names and types of `schema`; columns match by position. */
export function relabel(batch: arrow.RecordBatch, schema: arrow.Schema): arrow.RecordBatch {
  const children = schema.fields.map((field, i) => retype(batch.data.children[i]!, field.type));
  const data = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length: batch.numRows,
    nullCount: 0,
    children,
  });
  return new arrow.RecordBatch(schema, data);
}

function retype(data: arrow.Data, type: arrow.DataType): arrow.Data {
  if (data.type.typeId !== type.typeId) {
    throw new Error(`a column of type ${data.type} cannot be read as ${type}`);
  }
  const inner = type.children as readonly arrow.Field[] | null;
  const children = data.children.map((child, i) => (inner?.[i] ? retype(child, inner[i].type) : child));
  return data.clone(type, data.offset, data.length, data.nullCount, undefined, children);
}
