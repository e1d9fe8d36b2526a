// The options of a regular expression, as letters beside it say them.
import { fail } from '../../diagnostic.js';

export interface RegexOptions {
  readonly flavour: 'advanced' | 'extended' | 'basic' | 'literal';
  readonly ignoreCase: boolean;
  /** `.` and `[^…]` do not match a newline. */
  readonly newlineStops: boolean;
  /** `^` and `$` match at newlines too. */
  readonly newlineAnchors: boolean;
  /** White space and comments in the pattern are left out. */
  readonly expanded: boolean;
}

/** @throws DiagnosticError invalid_parameter_value for letters other than those of PostgreSQL's options (`g` is the caller's) */
export function regexOptions(flags: string): RegexOptions {
  let options: RegexOptions = {
    flavour: 'advanced',
    ignoreCase: false,
    newlineStops: false,
    newlineAnchors: false,
    expanded: false,
  };
  for (const letter of flags) {
    const changed = withOption(options, letter);
    if (!changed) throw fail('invalid_parameter_value', `invalid regular expression option: "${letter}"`);
    options = changed;
  }
  return options;
}

export function withOption(options: RegexOptions, letter: string): RegexOptions | undefined {
  switch (letter) {
    case 'b':
      return { ...options, flavour: 'basic' };
    case 'c':
      return { ...options, ignoreCase: false };
    case 'e':
      return { ...options, flavour: 'extended' };
    case 'i':
      return { ...options, ignoreCase: true };
    case 'm':
    case 'n':
      return { ...options, newlineStops: true, newlineAnchors: true };
    case 'p':
      return { ...options, newlineStops: true, newlineAnchors: false };
    case 'q':
      return { ...options, flavour: 'literal' };
    case 's':
      return { ...options, newlineStops: false, newlineAnchors: false };
    case 't':
      return { ...options, expanded: false };
    case 'w':
      return { ...options, newlineStops: false, newlineAnchors: true };
    case 'x':
      return { ...options, expanded: true };
    default:
      return undefined;
  }
}
