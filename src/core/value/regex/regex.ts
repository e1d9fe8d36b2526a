// Regular expressions as PostgreSQL matches them (H. Spencer's rules): the match that begins first, as long or as short as the whole
// prefers, then each part, from left to right, as long or as short as it prefers.
import { fail } from '../../diagnostic.js';
import { casesOf } from './character-class.js';
import { parseRegex } from './parse-regex.js';
import { RegexMachine, Subject } from './regex-machine.js';
import { codePoints, type RegexNode } from './regex-node.js';
import type { RegexOptions } from './regex-options.js';

const longer = 1;
const shorter = 2;
const mixed = 4;
const captures = 8;
const refers = 16;
const preference = longer | shorter;
const messy = mixed | captures | refers;

/** What is known of parts, said of the whole: their preferences only as "both". */
const raised = (flags: number): number => (flags & ~preference) | ((flags & preference) === preference ? mixed : 0);
const combined = (a: number, b: number): number =>
  raised(a | b) | ((a & preference) !== 0 ? a & preference : b & preference);

/** A part that must be looked into, because something in it captures, refers back or prefers otherwise. */
type Part = { readonly flags: number; readonly node: RegexNode } & (
  | { readonly kind: 'plain' }
  | { readonly kind: 'pair'; readonly left: Part; readonly right: Part }
  | { readonly kind: 'choice'; readonly parts: readonly Part[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly min: number; readonly max: number }
  | { readonly kind: 'capture'; readonly part: Part; readonly group: number }
  | { readonly kind: 'backref'; readonly group: number; readonly min: number; readonly max: number }
);

const plain = (node: RegexNode, flags: number): Part => ({ kind: 'plain', node, flags });
const empty = plain({ kind: 'empty' }, 0);

function partOf(node: RegexNode): Part {
  switch (node.kind) {
    case 'choice': {
      if (node.items.length === 1) return partOf(node.items[0]!);
      const parts = node.items.map(partOf);
      const flags = parts.reduce((all, p) => all | raised(all | p.flags), longer);
      return flags & messy ? { kind: 'choice', parts, node, flags } : plain(node, flags);
    }
    case 'sequence':
      return sequencePart(node.items, 0);
    default:
      return sequencePart([node], 0);
  }
}

/** What comes before the first messy item is one plain part, then that item, then the rest. */
function sequencePart(items: readonly RegexNode[], from: number): Part {
  const prefix: RegexNode[] = [];
  let flags = 0;
  for (let i = from; i < items.length; i++) {
    const item = items[i]!;
    const [atom, min, max, prefers] =
      item.kind === 'repeat'
        ? [item.item, item.min, item.max, item.prefers === 'longer' ? longer : item.prefers ? shorter : 0]
        : [item, 1, 1, 0];
    if (max === 0) continue;
    const part = atomPart(atom);
    const all = flags | prefers | part.flags;
    if (atom.kind !== 'capture' && atom.kind !== 'backref' && !(raised(all) & messy)) {
      prefix.push(item);
      flags = all;
      continue;
    }
    const repeated = repeatedPart(part, item, min, max, prefers);
    const rest = i + 1 < items.length ? sequencePart(items, i + 1) : empty;
    let own = combined(prefers, part.flags);
    own |= combined(own, rest.flags);
    const pair: Part = { kind: 'pair', left: repeated, right: rest, flags: own, node: sequence(items.slice(i)) };
    if (prefix.length === 0) return pair;
    const left = plain(sequence(prefix), flags);
    return { kind: 'pair', left, right: pair, flags: flags | combined(flags, own), node: sequence(items.slice(from)) };
  }
  return plain(sequence(prefix), flags);
}

const sequence = (items: readonly RegexNode[]): RegexNode =>
  items.length === 1 ? items[0]! : { kind: 'sequence', items };

function atomPart(atom: RegexNode): Part {
  switch (atom.kind) {
    case 'capture': {
      const part = partOf(atom.item);
      return { kind: 'capture', part, group: atom.group, node: atom, flags: part.flags | captures };
    }
    case 'backref':
      return { kind: 'backref', group: atom.group, min: 1, max: 1, node: atom, flags: refers };
    case 'choice':
    case 'sequence':
      return partOf(atom);
    default:
      return plain(atom, 0);
  }
}

function repeatedPart(part: Part, node: RegexNode, min: number, max: number, prefers: number): Part {
  const flags = combined(prefers, part.flags);
  if (part.kind === 'backref') return { ...part, min, max, node, flags: part.flags | flags };
  const inner = part.flags & (preference | mixed);
  if (min === 1 && max === 1 && (prefers === 0 || inner === 0 || prefers === inner)) return part;
  if (!(part.flags & (captures | refers))) return plain(node, flags);
  if (min > 0 && !(part.flags & refers)) {
    // Only the last round is captured.
    const before: RegexNode = { kind: 'repeat', item: part.node, min: min - 1, max: max - 1 };
    return { kind: 'pair', left: plain(before, flags & preference), right: part, node, flags };
  }
  return { kind: 'repeat', part, min, max, node, flags };
}

/** Steps that matching with back references may take: their number has no other bound. */
const mostSteps = 2_000_000;

/** Positions, in code points, of a match and of its groups: begin and end of each, -1 where it took no part. */
export type RegexMatch = Int32Array;

export class Regex {
  readonly groups: number;
  readonly #part: Part;
  readonly #whole: RegexMachine;
  /** Whether there is a match at all, which is found faster. */
  readonly #anywhere: RegexMachine;
  readonly #backrefs: boolean;
  readonly #machines = new Map<Part, RegexMachine>();
  readonly #bodies = new Map<number, RegexNode>();
  readonly #ignoreCase: boolean;
  /** The platform's, fifty times as fast, where it says the same of whether there is a match, and cannot try for long. */
  readonly #plain: RegExp | undefined;
  readonly #repeats: number = 1;

  /** @throws DiagnosticError invalid_regular_expression */
  constructor(pattern: string, options: RegexOptions) {
    const parsed = parseRegex(pattern, options);
    this.groups = parsed.groups;
    if (options.flavour === 'advanced' && noOptions(options) && plainPattern.test(pattern)) {
      this.#plain = new RegExp(pattern, 'su');
      this.#repeats = 1 + (pattern.match(/[*+{]/g)?.length ?? 0);
    }
    this.#backrefs = parsed.backrefs;
    this.#ignoreCase = options.ignoreCase || /^\(\?[a-z]*i/.test(pattern);
    collectGroups(parsed.node, this.#bodies);
    this.#part = partOf(parsed.node);
    this.#whole = new RegexMachine(parsed.node, this.#bodies);
    this.#anywhere = new RegexMachine({ kind: 'sequence', items: [anything, parsed.node] }, this.#bodies);
  }

  /** The first match that begins at `from` or later. */
  exec(points: Uint32Array, from = 0): RegexMatch | undefined {
    if (!this.#occurs(new Subject(points), from)) return undefined;
    return new RegexRun(this, points).find(from);
  }

  test(text: string): boolean {
    if (this.#plain && text.length ** this.#repeats <= mostPlainSteps) return this.#plain.test(text);
    const points = codePoints(text);
    return this.#backrefs ? this.exec(points) !== undefined : this.#occurs(new Subject(points), 0);
  }

  #occurs(subject: Subject, from: number): boolean {
    const { length } = subject.points;
    return from <= length && this.#anywhere.shortest(subject, from, from, length) >= 0;
  }

  get part(): Part {
    return this.#part;
  }
  get whole(): RegexMachine {
    return this.#whole;
  }
  get backrefs(): boolean {
    return this.#backrefs;
  }
  get ignoreCase(): boolean {
    return this.#ignoreCase;
  }

  machineOf(part: Part): RegexMachine {
    let machine = this.#machines.get(part);
    if (!machine) {
      machine = new RegexMachine(part.node, this.#bodies);
      this.#machines.set(part, machine);
    }
    return machine;
  }
}

/** Letters, sets of them, groups that do not repeat, and repetitions of single characters. */
const plainPattern =
  /^(?:(?:[A-Za-z0-9 _,:;@=<>~!%&"'#/-]|\.|\^|\$|\||\\[.d]|\[\^?[A-Za-z0-9_ ]+(?:-[A-Za-z0-9])?\]|\((?:\?:)?|\)(?![*+?{]))(?:(?<![|^$(])(?:[*+?]|\{\d{1,2}(?:,\d{0,2})?\}))?)*$/;
const mostPlainSteps = 1e6;

const noOptions = ({ ignoreCase, newlineStops, newlineAnchors, expanded }: RegexOptions): boolean =>
  !ignoreCase && !newlineStops && !newlineAnchors && !expanded;

const anything: RegexNode = {
  kind: 'repeat',
  item: { kind: 'char', test: () => true },
  min: 0,
  max: Number.POSITIVE_INFINITY,
};

function collectGroups(node: RegexNode, bodies: Map<number, RegexNode>): void {
  if (node.kind === 'capture') bodies.set(node.group, node.item);
  if (node.kind === 'capture' || node.kind === 'repeat') collectGroups(node.item, bodies);
  else if (node.kind === 'sequence' || node.kind === 'choice')
    for (const item of node.items) collectGroups(item, bodies);
}

/** A repetition that is cut into rounds. */
interface Rounds {
  readonly inner: Part;
  readonly end: number;
  readonly least: number;
  readonly most: number;
  /** Where each round ends, from where the first begins. */
  readonly ends: number[];
  /** So many rounds are known to fit. */
  verified: number;
}

/** One search in one text. */
class RegexRun {
  readonly #regex: Regex;
  readonly #subject: Subject;
  readonly #found: Int32Array;
  #steps = 0;

  constructor(regex: Regex, points: Uint32Array) {
    this.#regex = regex;
    this.#subject = new Subject(points);
    this.#found = new Int32Array(2 * (regex.groups + 1)).fill(-1);
  }

  find(from: number): RegexMatch | undefined {
    const { whole, part, backrefs } = this.#regex;
    const { length } = this.#subject.points;
    if (from > length) return undefined;
    const short = (part.flags & shorter) !== 0;
    for (let begin = whole.firstBegin(this.#subject, from); begin >= 0; ) {
      let [start, stop] = [begin, length];
      for (;;) {
        const end = short
          ? whole.shortest(this.#subject, begin, start, length)
          : whole.longest(this.#subject, begin, stop);
        if (end < 0) break;
        this.#found.fill(-1);
        if (this.#fits(part, begin, end)) {
          this.#found[0] = begin;
          this.#found[1] = end;
          return this.#found;
        }
        // Only where back references fail.
        if (short ? end === length : end === begin) break;
        if (short) start = end + 1;
        else stop = end - 1;
      }
      if (!backrefs || begin >= length) return undefined;
      begin = whole.firstBegin(this.#subject, begin + 1);
    }
    return undefined;
  }

  /** Whether a part matches a stretch exactly, given that its machine says it may; its groups are noted. */
  #fits(part: Part, begin: number, end: number): boolean {
    if (++this.#steps > mostSteps)
      throw fail('statement_too_complex', 'regular expression is too complex for this text');
    switch (part.kind) {
      case 'plain':
        return true;
      case 'capture':
        if (!this.#fits(part.part, begin, end)) return false;
        this.#found[2 * part.group] = begin;
        this.#found[2 * part.group + 1] = end;
        return true;
      case 'choice':
        return part.parts.some((p) => this.#spans(p, begin, end) && this.#fits(p, begin, end));
      case 'pair':
        return this.#fitsPair(part.left, part.right, begin, end);
      case 'repeat':
        return this.#fitsRepeat(part, begin, end);
      case 'backref':
        return this.#fitsBackref(part, begin, end);
    }
  }

  #spans(part: Part, begin: number, end: number): boolean {
    return this.#regex.machineOf(part).longest(this.#subject, begin, end) === end;
  }

  #fitsPair(left: Part, right: Part, begin: number, end: number): boolean {
    const machine = this.#regex.machineOf(left);
    const short = (left.flags & shorter) !== 0;
    let middle = short
      ? machine.shortest(this.#subject, begin, begin, end)
      : machine.longest(this.#subject, begin, end);
    while (middle >= 0) {
      if (this.#spans(right, middle, end)) {
        if (this.#fits(left, begin, middle) && this.#fits(right, middle, end)) return true;
        this.#forget(left);
        this.#forget(right);
      }
      if (middle === (short ? end : begin)) return false;
      middle = short
        ? machine.shortest(this.#subject, begin, middle + 1, end)
        : machine.longest(this.#subject, begin, middle - 1);
    }
    return false;
  }

  /** Rounds are cut one after the other, each as it prefers, and cut anew from the last where they do not fit. */
  #fitsRepeat(part: Extract<Part, { kind: 'repeat' }>, begin: number, end: number): boolean {
    const { min, max, part: inner } = part;
    const least = Math.max(1, min);
    const most = Math.max(least, Math.min(max, end - begin));
    const short = (inner.flags & shorter) !== 0;
    if (short && min === 0 && begin === end) return true;
    const rounds = { inner, end, least, most, ends: [begin], verified: 0 };
    const fits = short ? this.#shortRounds(rounds) : this.#longRounds(rounds);
    return fits || (min === 0 && begin === end);
  }

  #longRounds(rounds: Rounds): boolean {
    const { inner, end, least, most, ends } = rounds;
    const machine = this.#regex.machineOf(inner);
    // Empty rounds only where the least number of rounds needs them.
    const mayBeEmpty = (round: number, at: number) => round < least && least - round >= end - at;
    let limit = end;
    for (let round = 1; round > 0; ) {
      const from = ends[round - 1]!;
      const cut = machine.longest(this.#subject, from, limit);
      if (cut < 0) round--;
      else {
        ends[round] = cut;
        rounds.verified = Math.min(rounds.verified, round - 1);
        if (cut === end) {
          const failed = round >= least ? this.#firstUnfit(rounds, round) : round;
          if (failed > round) return true;
          round = failed;
        } else if (round >= most) round--;
        else if (cut > from || mayBeEmpty(round, cut)) {
          round++;
          limit = end;
          continue;
        }
      }
      for (; round > 0; round--) {
        const previous = ends[round - 1]!;
        limit = ends[round]! - 1;
        if (limit > previous || (limit === previous && mayBeEmpty(round, previous))) break;
      }
    }
    return false;
  }

  #shortRounds(rounds: Rounds): boolean {
    const { inner, end, least, most, ends } = rounds;
    const machine = this.#regex.machineOf(inner);
    let limit = ends[0]!;
    for (let round = 1; round > 0; ) {
      const from = ends[round - 1]!;
      if (limit === from && limit !== end && (round >= least || least - round < end - limit)) limit++;
      // The last round that may be must reach the end.
      if (round >= most) limit = end;
      const cut = machine.shortest(this.#subject, from, limit, end);
      if (cut < 0) round--;
      else {
        ends[round] = cut;
        rounds.verified = Math.min(rounds.verified, round - 1);
        if (cut === end) {
          const failed = round >= least ? this.#firstUnfit(rounds, round) : round;
          if (failed > round) return true;
          round = failed;
        } else if (round >= most) round--;
        else {
          round++;
          limit = cut;
          continue;
        }
      }
      while (round > 0 && ends[round]! >= end) round--;
      limit = ends[round]! + 1;
    }
    return false;
  }

  /** The first round up to `last` that does not fit; `last + 1` where all do. */
  #firstUnfit(rounds: Rounds, last: number): number {
    for (let round = rounds.verified + 1; round <= last; round++) {
      this.#forget(rounds.inner);
      if (!this.#fits(rounds.inner, rounds.ends[round - 1]!, rounds.ends[round]!)) return round;
      rounds.verified = round;
    }
    return last + 1;
  }

  #fitsBackref(part: Extract<Part, { kind: 'backref' }>, begin: number, end: number): boolean {
    const from = this.#found[2 * part.group]!;
    if (from < 0) return false;
    const length = this.#found[2 * part.group + 1]! - from;
    if (length === 0) return begin === end && part.min <= part.max;
    if (begin === end) return part.min === 0;
    const rounds = (end - begin) / length;
    if (!Number.isInteger(rounds) || rounds < part.min || rounds > part.max) return false;
    const { points } = this.#subject;
    for (let at = begin; at < end; at++) {
      const wanted = points[from + ((at - begin) % length)]!;
      const found = points[at]!;
      if (wanted !== found && !(this.#regex.ignoreCase && casesOf(found).includes(wanted))) return false;
    }
    return true;
  }

  #forget(part: Part): void {
    if (!(part.flags & captures)) return;
    switch (part.kind) {
      case 'capture':
        this.#found[2 * part.group] = -1;
        this.#found[2 * part.group + 1] = -1;
        this.#forget(part.part);
        return;
      case 'pair':
        this.#forget(part.left);
        this.#forget(part.right);
        return;
      case 'repeat':
        this.#forget(part.part);
        return;
      case 'choice':
        for (const p of part.parts) this.#forget(p);
    }
  }
}
