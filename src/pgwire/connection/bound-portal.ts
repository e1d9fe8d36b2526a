// Bind: a prepared statement and its parameters' bytes become a portal.
import { DiagnosticError, fail, withStyle } from '../../core/index.js';
import {
  decodeCell,
  type PreparedStatement,
  recodeCell,
  type Session,
  toUtf8,
  typeOfCell,
} from '../../session/index.js';
import type { Bind, Format } from '../codec/index.js';
import type { Portal } from './portal.js';

/** A statement as Parse left it. */
export interface Named {
  readonly prepared: PreparedStatement;
  readonly text: string;
  /** Numbers the client gave, or those of the types that were found. */
  readonly parameterOids: readonly number[];
}

export function boundPortal(message: Bind, { prepared, text, parameterOids }: Named, session: Session): Portal {
  const { style, encoding } = session;
  const recode = encoding && toUtf8(encoding);
  const parameters = message.parameters.map((sent, i) => {
    const format = formatAt(message.parameterFormats, i);
    const declared = prepared.parameterTypes[i]!;
    const bytes = recode && sent ? recodeCell(sent, format, declared, recode) : sent;
    const type = typeOfCell(bytes, format, declared);
    const decode = () => withStyle(style, () => decodeCell(bytes, format, type, parameterOids[i]));
    return { type, value: placedInBind(i, format, decode) };
  });
  const count = prepared.columns?.length ?? 0;
  const { resultFormats } = message;
  if (resultFormats.length > 1 && resultFormats.length !== count)
    throw fail(
      'protocol_violation',
      `bind message has ${resultFormats.length} result formats but query has ${count} columns`,
    );
  const formats = Array.from({ length: count }, (_, i) => formatAt(resultFormats, i));
  return { prepared, text, parameters, formats, done: false };
}

function formatAt(formats: readonly Format[], i: number): Format {
  return (formats.length > 1 ? formats[i] : formats[0]) ?? 'text';
}

/** PostgreSQL says which parameter has bytes too many. */
function placedInBind<T>(index: number, format: Format, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (
      format === 'binary' &&
      error instanceof DiagnosticError &&
      error.diagnostic.message === 'incorrect binary data format'
    )
      throw fail('invalid_binary_representation', `incorrect binary data format in bind parameter ${index + 1}`);
    throw error;
  }
}
