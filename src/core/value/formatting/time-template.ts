// Templates of times: `to_char`, `to_timestamp` and `to_date` read them alike.

/** The calendar a field counts in; both do not go together when a text is read. */
type Convention = 'gregorian' | 'iso';

export interface TimeField {
  readonly kind: 'field';
  /** As it is spelt: the case of `Month` is that of the name. */
  readonly spelled: string;
  readonly key: string;
  /** Whether a number is read, so that what stands before must know its own width. */
  readonly digits: boolean;
  readonly convention?: Convention;
  /** Without padding. */
  readonly bare: boolean;
  readonly ordinal?: 'TH' | 'th';
}

export type TimeNode = TimeField | { readonly kind: 'separator' | 'space' | 'char'; readonly text: string };

const upper: readonly string[] = [
  ...['A.D.', 'A.M.', 'AD', 'AM', 'B.C.', 'BC', 'CC', 'DAY', 'DDD', 'DD', 'DY', 'D'],
  ...[
    'FF1',
    'FF2',
    'FF3',
    'FF4',
    'FF5',
    'FF6',
    'FX',
    'HH24',
    'HH12',
    'HH',
    'IDDD',
    'ID',
    'IW',
    'IYYY',
    'IYY',
    'IY',
    'I',
  ],
  ...['J', 'MI', 'MM', 'MONTH', 'MON', 'MS', 'OF', 'P.M.', 'PM', 'Q', 'RM', 'SSSSS', 'SSSS', 'SS', 'TZH', 'TZM', 'TZ'],
  ...['US', 'WW', 'W', 'Y,YYY', 'YYYY', 'YYY', 'YY', 'Y'],
];
/** Longest first, so that `HH24` is not `HH`. */
const keywords = [...upper, ...upper.map((word) => word.toLowerCase()), 'Day', 'Dy', 'Month', 'Mon'].sort(
  (a, b) => b.length - a.length,
);
const words = new Set([
  'A.D.',
  'A.M.',
  'AD',
  'AM',
  'B.C.',
  'BC',
  'DAY',
  'DY',
  'FX',
  'MONTH',
  'MON',
  'OF',
  'P.M.',
  'PM',
  'RM',
]);
for (const zone of ['TZH', 'TZ']) words.add(zone);
const gregorian = new Set(['DDD', 'DD', 'D', 'MM', 'MONTH', 'MON', 'RM', 'WW', 'W', 'Y,YYY', 'YYYY', 'YYY', 'YY', 'Y']);
const iso = new Set(['IDDD', 'ID', 'IW', 'IYYY', 'IYY', 'IY', 'I']);

const isSeparator = (c: string): boolean => /[!-/:-@[-`{-~]/.test(c);

const parsed = new Map<string, readonly TimeNode[]>();
const mostParsed = 200;

export function timeTemplate(template: string): readonly TimeNode[] {
  let nodes = parsed.get(template);
  if (!nodes) {
    nodes = nodesOf(template);
    if (parsed.size >= mostParsed) parsed.clear();
    parsed.set(template, nodes);
  }
  return nodes;
}

function nodesOf(template: string): TimeNode[] {
  const nodes: TimeNode[] = [];
  let at = 0;
  while (at < template.length) {
    const prefix = /^(?:FM|fm|TM|tm)/.exec(template.slice(at, at + 2))?.[0];
    if (prefix) at += 2;
    const spelled = keywords.find((word) => template.startsWith(word, at));
    if (spelled !== undefined) {
      at += spelled.length;
      const key = spelled.toUpperCase();
      const suffix = /^(?:TH|th|SP)/.exec(template.slice(at, at + 2))?.[0];
      if (suffix) at += 2;
      nodes.push({
        kind: 'field',
        spelled,
        key,
        digits: !words.has(key),
        bare: prefix !== undefined,
        ...(gregorian.has(key) ? { convention: 'gregorian' } : iso.has(key) ? { convention: 'iso' } : {}),
        ...(suffix && suffix !== 'SP' && { ordinal: suffix as 'TH' | 'th' }),
      });
      continue;
    }
    const take = () => {
      const c = String.fromCodePoint(template.codePointAt(at)!);
      at += c.length;
      return c;
    };
    if (at >= template.length) break;
    if (template[at] === '"') {
      at++;
      while (at < template.length && template[at] !== '"') {
        if (template[at] === '\\' && at + 1 < template.length) at++;
        nodes.push({ kind: 'char', text: take() });
      }
      at++;
      continue;
    }
    if (template[at] === '\\' && template[at + 1] === '"') at++;
    const text = take();
    nodes.push({ kind: isSeparator(text) ? 'separator' : /\s/.test(text) ? 'space' : 'char', text });
  }
  return nodes;
}
