// Templates of numbers: `to_char` and `to_number` read them alike.
import { fail } from '../../diagnostic.js';

export type NumberKey =
  | ('9' | '0' | '.' | 'D' | ',' | 'G' | 'L' | 'MI' | 'PL' | 'SG' | 'S' | 'PR' | 'RN' | 'rn' | 'TH' | 'th')
  | ('V' | 'B' | 'C' | 'EEEE' | 'FM' | 'SP');

export type NumberNode = { readonly key: NumberKey } | { readonly char: string };

export interface NumberTemplate {
  readonly nodes: readonly NumberNode[];
  /** Digits before and after the point, and after V. */
  readonly pre: number;
  readonly post: number;
  readonly multi: number;
  /** Where zeros begin and end among the digits; -1 where there are none. */
  readonly zeroStart: number;
  readonly zeroEnd: number;
  /** Digits before the point where S stands. */
  readonly digitsBeforeSign: number;
  readonly zero: boolean;
  readonly decimal: boolean;
  readonly fill: boolean;
  readonly sign: 'none' | 'before' | 'after';
  readonly minus: boolean;
  readonly plus: boolean;
  readonly bracket: boolean;
  readonly scientific: boolean;
  readonly roman: boolean;
  readonly usesV: boolean;
}

const upper = ['EEEE', 'FM', 'MI', 'PL', 'PR', 'RN', 'SG', 'SP', 'TH', 'B', 'C', 'D', 'G', 'L', 'S', 'V'] as const;
const keywords: readonly string[] = [',', '.', '0', '9', ...upper, ...upper.map((word) => word.toLowerCase())];
const keepsCase = new Set(['rn', 'th']);

function keyAt(template: string, at: number): { readonly key: NumberKey; readonly length: number } | undefined {
  const spelled = keywords.filter((word) => template.startsWith(word, at)).sort((a, b) => b.length - a.length)[0];
  if (spelled === undefined) return undefined;
  return { key: (keepsCase.has(spelled) ? spelled : spelled.toUpperCase()) as NumberKey, length: spelled.length };
}

const wrong = (message: string) => fail('syntax_error', message);
const parsed = new Map<string, NumberTemplate>();
const mostParsed = 200;

/** @throws DiagnosticError syntax_error where patterns do not go together */
export function numberTemplate(template: string): NumberTemplate {
  let found = parsed.get(template);
  if (!found) {
    found = templateOf(template);
    if (parsed.size >= mostParsed) parsed.clear();
    parsed.set(template, found);
  }
  return found;
}

function templateOf(template: string): NumberTemplate {
  const nodes: NumberNode[] = [];
  let [pre, post, multi, zeroStart, zeroEnd, digitsBeforeSign] = [0, 0, 0, -1, 0, 0];
  let [zero, decimal, fill, minus, plus, bracket, scientific, roman, usesV, blank] = Array<boolean>(10).fill(false);
  let sign: NumberTemplate['sign'] = 'none';
  const note = (key: NumberKey): void => {
    if (scientific && key !== 'EEEE') throw wrong('"EEEE" must be the last pattern used');
    switch (key) {
      case '9':
        if (bracket) throw wrong('"9" must be ahead of "PR"');
        if (usesV) multi++;
        else if (decimal) post++;
        else pre++;
        return;
      case '0':
        if (bracket) throw wrong('"0" must be ahead of "PR"');
        if (!zero && !decimal) {
          zero = true;
          zeroStart = pre;
        }
        if (decimal) post++;
        else pre++;
        zeroEnd = pre + post;
        return;
      case 'B':
        if (pre === 0 && post === 0 && !zero) blank = true;
        return;
      case 'D':
      case '.':
        if (decimal) throw wrong('multiple decimal points');
        if (usesV) throw wrong('cannot use "V" and decimal point together');
        decimal = true;
        return;
      case 'FM':
        fill = true;
        return;
      case 'S':
        if (sign !== 'none') throw wrong('cannot use "S" twice');
        if (plus || minus || bracket) throw wrong('cannot use "S" and "PL"/"MI"/"SG"/"PR" together');
        sign = decimal ? 'after' : 'before';
        digitsBeforeSign = pre;
        return;
      case 'MI':
      case 'PL':
      case 'SG':
        if (sign !== 'none') throw wrong(`cannot use "S" and "${key}" together`);
        if (key !== 'PL') minus = true;
        if (key !== 'MI') plus = true;
        return;
      case 'PR':
        if (sign !== 'none' || plus || minus) throw wrong('cannot use "PR" and "S"/"PL"/"MI"/"SG" together');
        bracket = true;
        return;
      case 'RN':
      case 'rn':
        roman = true;
        return;
      case 'V':
        if (decimal) throw wrong('cannot use "V" and decimal point together');
        usesV = true;
        return;
      case 'EEEE':
        if (scientific) throw wrong('cannot use "EEEE" twice');
        if (blank || fill || sign !== 'none' || bracket || minus || plus || roman || usesV)
          throw fail('syntax_error', '"EEEE" is incompatible with other formats', {
            detail: '"EEEE" may only be used together with digit and decimal point patterns.',
          });
        scientific = true;
    }
  };
  for (let at = 0; at < template.length; ) {
    const found = keyAt(template, at);
    if (found) {
      at += found.length;
      note(found.key);
      nodes.push({ key: found.key });
      continue;
    }
    const take = () => {
      const char = String.fromCodePoint(template.codePointAt(at)!);
      at += char.length;
      nodes.push({ char });
    };
    if (template[at] === '"') {
      at++;
      while (at < template.length && template[at] !== '"') {
        if (template[at] === '\\' && at + 1 < template.length) at++;
        take();
      }
      at++;
      continue;
    }
    if (template[at] === '\\' && template[at + 1] === '"') at++;
    take();
  }
  return {
    ...{
      nodes,
      pre,
      post,
      multi,
      zeroStart,
      zeroEnd,
      digitsBeforeSign,
      zero: zero!,
      decimal: decimal!,
      fill: fill!,
      sign,
    },
    ...{ minus: minus!, plus: plus!, bracket: bracket!, scientific: scientific!, roman: roman!, usesV: usesV! },
  };
}
