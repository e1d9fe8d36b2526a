// `interval '1' day`: the fields after an interval's text say what a bare number counts.
import type { TypeName } from '../../parser/index.js';

/** The text with the unit that its last field gives a number without one. */
export function intervalText(text: string, type: TypeName): string {
  const unit = type.intervalFields?.split(' to ').at(-1)?.trim().split(/[ (]/)[0];
  return unit !== undefined && /^\s*[+-]?\d+(?:\.\d+)?\s*$/.test(text) ? `${text} ${unit}` : text;
}
