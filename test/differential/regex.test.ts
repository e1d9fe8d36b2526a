// Random regular expressions, matched by PostgreSQL and by ours: the same match, groups and errors.
import { expect, it } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { Regex } from '../../src/core/value/regex/regex.js';
import { codePoints } from '../../src/core/value/regex/regex-node.js';
import { regexOptions } from '../../src/core/value/regex/regex-options.js';
import { startPostgres } from '../support/postgres.js';

/** A generator of numbers below `n` that gives the same ones for the same seed. */
function randomNumbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const atoms = ['a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '\\d', '1', '\\s', ' ', 'A', 'é'];
const constraints = ['^', '$', '\\m', '\\M', '\\y', '\\Y', '\\A', '\\Z', '(?=a)', '(?!b)', '(?<=a)', '(?<!b)'];
const quantifiers = ['*', '+', '?', '{2}', '{1,2}', '{0,1}', '{1,}', '{0}'];
const flags = ['', '', '', 'i', 'n', 'x', 'w', 'p'];

function randomPattern(random: (n: number) => number, depth: number): string {
  let groups = 0;
  const branch = (level: number): string =>
    Array.from({ length: 1 + random(3) }, () => {
      if (random(10) === 0) return constraints[random(constraints.length)]!;
      if (random(14) === 0 && groups > 0) return `\\${1 + random(groups)}`;
      let atom = atoms[random(atoms.length)]!;
      if (level > 0 && random(3) === 0) {
        const captures = random(3) > 0;
        const inner = Array.from({ length: 1 + random(2) }, () => branch(level - 1)).join('|');
        if (captures) groups++;
        atom = captures ? `(${inner})` : `(?:${inner})`;
      }
      if (random(2) === 0) return atom;
      return atom + quantifiers[random(quantifiers.length)]! + (random(3) === 0 ? '?' : '');
    }).join('');
  return Array.from({ length: 1 + (random(4) === 0 ? 1 : 0) }, () => branch(depth)).join('|');
}

const randomText = (random: (n: number) => number): string =>
  Array.from({ length: random(9) }, () => ['a', 'b', 'c', '1', ' ', 'A', 'é', '\n', 'a', 'b'][random(10)]).join('');

function ours(text: string, pattern: string, options: string): string {
  try {
    const regex = new Regex(pattern, regexOptions(options));
    const points = codePoints(text);
    // The platform's matcher, where it is taken, must agree.
    if (regex.test(text) !== (regex.exec(points) !== undefined)) return 'test and exec differ';
    const match = regex.exec(points);
    if (!match) return 'none';
    const parts: (string | null)[] = [];
    for (let g = regex.groups > 0 ? 1 : 0; g <= regex.groups; g++)
      parts.push(match[2 * g]! < 0 ? null : String.fromCodePoint(...points.subarray(match[2 * g]!, match[2 * g + 1]!)));
    return JSON.stringify([match[0]! + 1, match[1]! + 1, parts]);
  } catch (error) {
    if (error instanceof DiagnosticError) return error.code;
    throw error;
  }
}

const cases = Number(process.env['SKYHOOK_REGEX_CASES'] ?? 3000);

it('random regular expressions match as in PostgreSQL', async () => {
  const server = await startPostgres();
  if (!server) return;
  try {
    const client = await server.connect();
    const random = randomNumbers(Number(process.env['SKYHOOK_REGEX_SEED'] ?? 12));
    const different: string[] = [];
    for (let i = 0; i < cases; i++) {
      const [pattern, text, option] = [randomPattern(random, 2), randomText(random), flags[random(flags.length)]!];
      const theirs = await client
        .query<[string, string, string | null]>({
          text: `SELECT regexp_instr($1, $2, 1, 1, 0, $3), regexp_instr($1, $2, 1, 1, 1, $3), array_to_json(regexp_match($1, $2, $3))`,
          values: [text, pattern, option],
          rowMode: 'array',
        })
        .then(
          ({ rows: [[begin, end, groups] = ['', '', null]] }) =>
            groups === null ? 'none' : JSON.stringify([Number(begin), Number(end), JSON.parse(groups)]),
          (error: { code: string }) => error.code,
        );
      const found = ours(text, pattern, option);
      if (found !== theirs)
        different.push(`${JSON.stringify(pattern)} ${option} on ${JSON.stringify(text)}: ${theirs}, ours ${found}`);
    }
    await client.end();
    expect(different).toEqual([]);
  } finally {
    await server.stop();
  }
});
