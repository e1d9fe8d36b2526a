// Bit strings: bits combined, moved, counted, cut and changed. The evaluator runs them.
import { fail } from '../diagnostic.js';
import { types } from '../sql-type.js';
import { chapter, type Draft, on, values } from './define.js';
import type { Accumulator, FunctionEntry, Value } from './overload.js';

const scalar = chapter('bit string', 'scalar');
const operator = chapter('bit string', 'operator');
const aggregate = chapter('aggregate', 'aggregate');
const { bit, varbit, int4, int8 } = types;

const [zero, one] = [0x30, 0x31];

type Combine = (a: boolean, b: boolean) => boolean;

/** @throws DiagnosticError string_data_length_mismatch */
function combined(name: string, a: string, b: string, combine: Combine): string {
  if (a.length !== b.length) throw fail('string_data_length_mismatch', `cannot ${name} bit strings of different sizes`);
  const [bits, others] = [Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')];
  for (let i = 0; i < bits.length; i++) bits[i] = combine(bits[i] === one, others[i] === one) ? one : zero;
  return bits.toString('latin1');
}

const combinations: readonly (readonly [symbol: string, name: string, aggregate: string, combine: Combine])[] = [
  ['&', 'AND', 'bit_and', (a, b) => a && b],
  ['|', 'OR', 'bit_or', (a, b) => a || b],
  ['#', 'XOR', 'bit_xor', (a, b) => a !== b],
];

/** To the left; to the right where negative. The length stays. */
function moved(bits: string, by: number): string {
  const { length } = bits;
  return by >= 0
    ? bits.slice(Math.min(by, length)).padEnd(length, '0')
    : bits.slice(0, Math.max(0, length + by)).padStart(length, '0');
}

function slice(bits: string, start: number, length?: number): string {
  if (length !== undefined && length < 0) throw fail('substring_error', 'negative substring length not allowed');
  const end = length === undefined ? bits.length : start + length - 1;
  return bits.slice(Math.max(0, start - 1), Math.max(0, end));
}

function overlay(bits: string, by: string, from: number, length = by.length): string {
  if (from <= 0) throw fail('substring_error', 'negative substring length not allowed');
  return slice(bits, 1, from - 1) + by + slice(bits, from + length);
}

function within(bits: string, at: number): number {
  if (at < 0 || at >= bits.length)
    throw fail('array_subscript_error', `bit index ${at} out of valid range (0..${bits.length - 1})`);
  return at;
}

function setBit(bits: string, at: number, to: number): string {
  within(bits, at);
  if (to !== 0 && to !== 1) throw fail('invalid_parameter_value', 'new bit must be 0 or 1');
  return bits.slice(0, at) + to + bits.slice(at + 1);
}

const ones = (bits: string): bigint => BigInt(bits.replaceAll('0', '').length);

function accumulator(name: string, combine: Combine): Accumulator {
  let found: string | null = null;
  return {
    add([bits]) {
      found = found === null ? (bits as string) : combined(name, found, bits as string, combine);
    },
    result: () => found as Value,
  };
}

const length = (name: string, of: (bits: string) => number): Draft =>
  on([bit], int4, { op: `${name}(bit)`, fold: values(of) });

export const bitStringFunctions: readonly FunctionEntry[] = [
  operator('||', 'Concatenation of bit strings.', [
    on([varbit, varbit], varbit, { op: 'bitcat', fold: values((a: string, b: string) => a + b) }),
  ]),
  ...combinations.map(([symbol, name, , combine]) =>
    operator(symbol, `Bitwise ${name} of bit strings of one length.`, [
      on([bit, bit], bit, {
        op: `bit${name.toLowerCase()}`,
        fold: values((a: string, b: string) => combined(name, a, b, combine)),
      }),
    ]),
  ),
  operator('~', 'All bits the other way.', [
    on([bit], bit, {
      op: 'bitnot',
      fold: values((bits: string) => combined('NOT', bits, bits, (bit) => !bit)),
    }),
  ]),
  operator('<<', 'Bits moved to the left, the length kept.', [
    on([bit, int4], bit, { op: 'bitshiftleft', fold: values(moved) }),
  ]),
  operator('>>', 'Bits moved to the right, the length kept.', [
    on([bit, int4], bit, { op: 'bitshiftright', fold: values((bits: string, by: number) => moved(bits, -by)) }),
  ]),
  scalar('bit_count', 'Number of bits that are set.', [on([bit], int8, { op: 'bit_count(bit)', fold: values(ones) })]),
  scalar('length', 'Number of bits.', [length('length', (bits) => bits.length)]),
  scalar('bit_length', 'Number of bits.', [length('bit_length', (bits) => bits.length)]),
  scalar('octet_length', 'Number of bytes that hold the bits.', [
    length('octet_length', (bits) => Math.ceil(bits.length / 8)),
  ]),
  scalar('overlay', 'The bits with others in place of a part.', [
    on([bit, bit, int4], bit, { fold: values(overlay) }),
    on([bit, bit, int4, int4], bit, { fold: values(overlay) }),
  ]),
  scalar('position', 'First position of the second bits in the first; 0 where they do not occur.', [
    on([bit, bit], int4, { fold: values((bits: string, part: string) => bits.indexOf(part) + 1) }),
  ]),
  scalar('substring', 'Part of the bits, from a position for a length.', [
    on([bit, int4], bit, { fold: values(slice) }),
    on([bit, int4, int4], bit, { fold: values(slice) }),
  ]),
  scalar('get_bit', 'The bit at a position from 0, the leftmost first.', [
    on([bit, int4], int4, {
      op: 'get_bit(bit)',
      fold: values((bits: string, at: number) => Number(bits[within(bits, at)])),
    }),
  ]),
  scalar('set_bit', 'The bits with one changed.', [
    on([bit, int4, int4], bit, { op: 'set_bit(bit)', fold: values(setBit) }),
  ]),
  ...combinations.map(([, name, aggregateName, combine]) =>
    aggregate(aggregateName, `Bitwise ${name} of all values.`, [
      on([bit], bit, { op: `${aggregateName}(bit)`, accumulate: () => accumulator(name, combine) }),
    ]),
  ),
];
