// like_regex of jsonpath: XQuery's flags over PostgreSQL's regular expressions.

import { Regex } from '../regex/regex.js';
import { regexOptions } from '../regex/regex-options.js';

const compiled = new Map<string, Regex>();
const mostCompiled = 200;

/**
 * Here `.` matches no line end, and `^` and `$` no inner one, unless the flags `s` and `m` say so.
 * @throws DiagnosticError invalid_regular_expression
 */
export function likeRegex(pattern: string, flags: string): Regex {
  const key = `${flags}/${pattern}`;
  let regex = compiled.get(key);
  if (!regex) {
    const letters = flags.includes('i') ? 'i' : '';
    const lines = flags.includes('m');
    const options = letters + (flags.includes('s') ? (lines ? 'w' : '') : lines ? 'n' : 'p');
    regex = flags.includes('q')
      ? new Regex(`***=${pattern}`, regexOptions(letters))
      : new Regex(pattern, regexOptions(options));
    if (compiled.size >= mostCompiled) compiled.clear();
    compiled.set(key, regex);
  }
  return regex;
}
