// Patterns of SIMILAR TO and `substring(… SIMILAR …)` as regular expressions.
import { fail } from '../../diagnostic.js';

const specials = new Set(['\\', '.', '^', '$']);

/**
 * The whole text must match. Two escaped double quotes divide the pattern: the middle part is captured and as long as it can be, the first
 * as short.
 * @param symbol one character, or none
 * @throws DiagnosticError invalid_escape_sequence, invalid_use_of_escape_character
 */
export function similarToRegex(pattern: string, symbol = '\\'): string {
  if ([...symbol].length > 1)
    throw fail('invalid_escape_sequence', 'invalid escape string', {
      hint: 'Escape string must be empty or one character.',
    });
  let out = '^(?:';
  let quotes = 0;
  let inClass = false;
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const c = chars[i]!;
    if (c === symbol) {
      const next = chars[++i];
      if (next === undefined) break;
      if (next !== '"' || inClass) out += `\\${next}`;
      else if (quotes > 1)
        throw fail(
          'invalid_use_of_escape_character',
          'SQL regular expression may not contain more than two escape-double-quote separators',
        );
      else out += quotes++ === 0 ? '){1,1}?(' : '){1,1}(?:';
    } else if (inClass) {
      out += c === '\\' ? '\\\\' : c;
      inClass = c !== ']';
    } else if (c === '[') {
      out += c;
      inClass = true;
    } else if (c === '%') out += '.*';
    else if (c === '_') out += '.';
    else if (c === '(') out += '(?:';
    else out += specials.has(c) ? `\\${c}` : c;
  }
  return `${out})$`;
}
