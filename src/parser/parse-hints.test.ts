import { expect, test } from 'vitest';
import { parseNative, parseSql } from './parse.js';

const of = (text: string) => parseSql(text)[0]!.hints;

test.each([
  ['/*+ pushdown(off) */ SELECT 1', { pushdown: 'off' }],
  ['SELECT /*+ PushDown( ON ) kernel(evaluator) */ 1', { pushdown: 'on', kernel: 'evaluator' }],
  ['SELECT 1 /*+ pushdown(auto)\n*/', { pushdown: 'auto' }],
  ['SELECT 1 /*+ Set(skyhook.pushdown off) Set(kernel off) */', { pushdown: 'off', kernel: 'off' }],
  ['SELECT /*+ pushdown(on) */ 1 /*+ kernel(on) */', { pushdown: 'on', kernel: 'on' }],
  ['INSERT INTO t /*+ pushdown(off) */ SELECT 1', { pushdown: 'off' }],
])('%s', (text, hints) => {
  expect(of(text)).toEqual({ ...hints, wrong: [] });
});

test('what is no hint comment is none', () => {
  for (const text of [
    "SELECT '/*+ pushdown(off) */'",
    'SELECT 1 /* + pushdown(off) */',
    'SELECT 1 -- /*+ pushdown(off) */',
  ])
    expect(of(text)).toBeUndefined();
});

test.each([
  ['pushdwn(off)', 'hint pushdwn(off) is not known; perhaps pushdown(…)?'],
  ['SeqScan(t)', 'hint SeqScan(t) is not known'],
  ['pushdown(maybe)', 'hint pushdown(maybe) is left out: pushdown takes one of auto, on, off'],
  ['pushdown()', 'hint pushdown() is left out: pushdown takes one of auto, on, off'],
  ['pushdown(on off)', 'hint pushdown(on off) is left out: pushdown takes one of auto, on, off'],
  ['pushdown', 'hint syntax error at or near "pushdown"'],
  ['pushdown(on', 'hint syntax error at or near "pushdown(on"'],
  ['Set(work_mem 1)', 'hint Set(work_mem 1) is not known'],
  ['constructor(on)', 'hint constructor(on) is not known'],
])('wrong: %s', (written, message) => {
  expect(of(`SELECT /*+ ${written} */ 1`)).toEqual({ wrong: [message] });
});

test('of two of one name the first counts', () => {
  expect(of('SELECT /*+ pushdown(on) pushdown(off) */ 1')).toEqual({
    pushdown: 'on',
    wrong: ['hint pushdown(off) is left out: pushdown has been given before'],
  });
});

test('each statement has its own; what is explained or prepared has those around it; the native language has them too', () => {
  const [a, b, c] = parseSql('SELECT 1; /*+ pushdown(off) */ SELECT 2; SELECT /*+ pushdown(on) */ 3');
  expect([a!.hints, b!.hints?.pushdown, c!.hints?.pushdown]).toEqual([undefined, 'off', 'on']);
  const [explain] = parseSql('EXPLAIN /*+ pushdown(off) */ SELECT 1');
  expect(explain).toMatchObject({ kind: 'explain', statement: { hints: { pushdown: 'off' } } });
  const [prepare] = parseSql('PREPARE p AS SELECT 1 /*+ pushdown(off) */');
  expect(prepare).toMatchObject({ kind: 'prepare', statement: { hints: { pushdown: 'off' } } });
  expect(parseNative('select /*+ pushdown(off) */ a > 1, project T.a').hints).toMatchObject({ pushdown: 'off' });
});
