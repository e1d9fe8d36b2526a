// A regular expression without captures as a machine: the ends a match from a position may have, in time proportional to the text.
import { fail } from '../../diagnostic.js';
import { type Assertion, type CharTest, isWord, type RegexNode } from './regex-node.js';

/** States are numbers: a test and where it leads, or moves without a character. */
interface State {
  test?: CharTest;
  assertion?: Assertion;
  look?: { readonly machine: RegexMachine; readonly behind: boolean; readonly negated: boolean };
  readonly next: number[];
}

const mostStates = 50_000;
/** Sets of states that are remembered; beyond it they are found anew. */
const mostSets = 2000;

/** A set of states between two characters, and where each character led from it so far. */
interface StateSet {
  readonly states: readonly number[];
  readonly accepts: boolean;
  readonly ascii: (StateSet | undefined)[];
  readonly others: Map<number, StateSet>;
}

/** The text that is matched, and what was found out about it. */
export class Subject {
  readonly points: Uint32Array;
  /** For each machine that looks behind: positions where it ends. */
  readonly #ends = new Map<RegexMachine, Uint8Array>();

  constructor(points: Uint32Array) {
    this.points = points;
  }

  holds(assertion: Assertion, at: number): boolean {
    const { points } = this;
    switch (assertion) {
      case 'text_start':
        return at === 0;
      case 'text_end':
        return at === points.length;
      case 'line_start':
        return at === 0 || points[at - 1] === 10;
      case 'line_end':
        return at === points.length || points[at] === 10;
    }
    const before = at > 0 && isWord(points[at - 1]!);
    const after = at < points.length && isWord(points[at]!);
    if (assertion === 'word_start') return !before && after;
    if (assertion === 'word_end') return before && !after;
    return (before !== after) === (assertion === 'word_edge');
  }

  /** All that assertions can tell apart: no character, a newline, one of a word, another. */
  kindAt(at: number): 0 | 1 | 2 | 3 {
    const point = this.points[at];
    return point === undefined ? 3 : point === 10 ? 2 : isWord(point) ? 1 : 0;
  }

  endsAt(machine: RegexMachine, at: number): boolean {
    let ends = this.#ends.get(machine);
    if (!ends) {
      ends = machine.allEnds(this);
      this.#ends.set(machine, ends);
    }
    return ends[at] === 1;
  }
}

export class RegexMachine {
  readonly #states: State[] = [];
  readonly #start: number;
  readonly #accept: number;
  readonly #asserts: boolean;
  readonly #looks: boolean;
  readonly #sets = new Map<string, StateSet>();
  /** By what is before and after the position. */
  readonly #initial: (StateSet | undefined)[] = [];
  /** When each state was last reached, so that it is entered once at a position. */
  #marks = new Uint32Array(0);
  #mark = 0;

  /** @param groups what back references stand for: any text that the group may match */
  constructor(node: RegexNode, groups: ReadonlyMap<number, RegexNode>) {
    this.#accept = this.#add({ next: [] });
    this.#start = this.#compile(node, this.#accept, groups);
    this.#looks = this.#states.some((s) => s.look !== undefined);
    this.#asserts = this.#looks || this.#states.some((s) => s.assertion !== undefined);
    this.#marks = new Uint32Array(this.#states.length);
  }

  #add(state: State): number {
    if (this.#states.length >= mostStates)
      throw fail('invalid_regular_expression', 'invalid regular expression: regular expression is too complex');
    return this.#states.push(state) - 1;
  }

  /** The state from which `node` leads to `next`. */
  #compile(node: RegexNode, next: number, groups: ReadonlyMap<number, RegexNode>): number {
    switch (node.kind) {
      case 'empty':
        return next;
      case 'never':
        return this.#add({ next: [] });
      case 'char':
        return this.#add({ test: node.test, next: [next] });
      case 'assert':
        return this.#add({ assertion: node.assertion, next: [next] });
      case 'look': {
        const machine = new RegexMachine(node.node, groups);
        return this.#add({ look: { machine, behind: node.behind, negated: node.negated }, next: [next] });
      }
      case 'sequence':
        return node.items.reduceRight((to, item) => this.#compile(item, to, groups), next);
      case 'choice':
        return this.#add({ next: node.items.map((item) => this.#compile(item, next, groups)) });
      case 'capture':
        return this.#compile(node.item, next, groups);
      case 'backref': {
        const item = groups.get(node.group);
        // Its text, wherever it stands now: constraints held where the group was.
        return item ? this.#compile(withoutConstraints(item), next, groups) : this.#add({ next: [] });
      }
      case 'repeat':
        return this.#repeat(node.item, node.min, node.max, next, groups);
    }
  }

  #repeat(item: RegexNode, min: number, max: number, next: number, groups: ReadonlyMap<number, RegexNode>): number {
    let start = next;
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.#add({ next: [next] });
      this.#states[loop]!.next.push(this.#compile(item, loop, groups));
      start = loop;
    } else for (let i = min; i < max; i++) start = this.#add({ next: [next, this.#compile(item, start, groups)] });
    for (let i = 0; i < min; i++) start = this.#compile(item, start, groups);
    return start;
  }

  /** All states that `from` reach at a position without a character. */
  #closure(from: Iterable<number>, subject: Subject, at: number): number[] {
    this.#mark++;
    const found: number[] = [];
    const stack = [...from];
    while (stack.length > 0) {
      const id = stack.pop()!;
      if (this.#marks[id] === this.#mark) continue;
      this.#marks[id] = this.#mark;
      const state = this.#states[id]!;
      if (state.test || id === this.#accept) found.push(id);
      else if (this.#passes(state, subject, at)) stack.push(...state.next);
    }
    return found;
  }

  #passes({ assertion, look }: State, subject: Subject, at: number): boolean {
    if (assertion) return subject.holds(assertion, at);
    if (!look) return true;
    const { machine, behind, negated } = look;
    const found = behind ? subject.endsAt(machine, at) : machine.shortest(subject, at, at, subject.points.length) >= 0;
    return found !== negated;
  }

  #setOf(states: number[]): StateSet {
    states.sort((a, b) => a - b);
    const key = states.join();
    let set = this.#sets.get(key);
    if (!set) {
      set = { states, accepts: states.includes(this.#accept), ascii: [], others: new Map() };
      if (this.#sets.size < mostSets) this.#sets.set(key, set);
    }
    return set;
  }

  /** Where a character leads from a set of states: the same everywhere, but for what assertions ask of the next one. */
  #step(set: StateSet, point: number, subject: Subject, at: number): StateSet {
    const key = this.#asserts ? 4 * point + subject.kindAt(at) : point;
    const known = this.#looks ? undefined : point < 128 ? set.ascii[key] : set.others.get(key);
    if (known) return known;
    const reached: number[] = [];
    for (const id of set.states) {
      const { test, next } = this.#states[id]!;
      if (test?.(point)) reached.push(next[0]!);
    }
    const found = this.#setOf(this.#closure(reached, subject, at));
    if (point < 128) set.ascii[key] = found;
    else if (set.others.size < mostSets) set.others.set(key, found);
    return found;
  }

  #begin(subject: Subject, at: number): StateSet {
    const key = this.#asserts ? 4 * subject.kindAt(at - 1) + subject.kindAt(at) : 0;
    const known = this.#looks ? undefined : this.#initial[key];
    if (known) return known;
    const found = this.#setOf(this.#closure([this.#start], subject, at));
    this.#initial[key] = found;
    return found;
  }

  /** The last end, at most `limit`, of a match that begins at `begin`; -1 where there is none. */
  longest(subject: Subject, begin: number, limit: number): number {
    const { points } = subject;
    let set = this.#begin(subject, begin);
    let end = set.accepts ? begin : -1;
    for (let at = begin; at < limit && set.states.length > 0; ) {
      set = this.#step(set, points[at]!, subject, ++at);
      if (set.accepts) end = at;
    }
    return end;
  }

  /** The first end from `from` to `limit` of a match that begins at `begin`; -1 where there is none. */
  shortest(subject: Subject, begin: number, from: number, limit: number): number {
    const { points } = subject;
    let set = this.#begin(subject, begin);
    if (set.accepts && begin >= from) return begin;
    for (let at = begin; at < limit && set.states.length > 0; ) {
      set = this.#step(set, points[at]!, subject, ++at);
      if (set.accepts && at >= from) return at;
    }
    return -1;
  }

  /** Positions where a match that begins anywhere ends. */
  allEnds(subject: Subject): Uint8Array {
    const { points } = subject;
    const ends = new Uint8Array(points.length + 1);
    let states: number[] = [];
    for (let at = 0; ; at++) {
      states = this.#closure([...states, this.#start], subject, at);
      if (states.includes(this.#accept)) ends[at] = 1;
      if (at === points.length) return ends;
      const reached: number[] = [];
      for (const id of states) if (this.#states[id]!.test?.(points[at]!)) reached.push(this.#states[id]!.next[0]!);
      states = reached;
    }
  }

  /** Where, from `from` on, the first match begins; -1 where there is none. Each state remembers the earliest beginning that led to it. */
  firstBegin(subject: Subject, from: number): number {
    const { points } = subject;
    let best = -1;
    let reached: (readonly [state: number, begin: number])[] = [];
    for (let at = from; at <= points.length; at++) {
      if (best < 0) reached.push([this.#start, at]);
      else reached = reached.filter(([, begin]) => begin < best);
      if (reached.length === 0) break;
      // Earlier beginnings come first, and states once reached are not entered again.
      const step: (readonly [number, number])[] = [];
      this.#mark++;
      for (const [first, begin] of reached) {
        const stack = [first];
        while (stack.length > 0) {
          const id = stack.pop()!;
          if (this.#marks[id] === this.#mark) continue;
          this.#marks[id] = this.#mark;
          const state = this.#states[id]!;
          if (id === this.#accept) {
            if (best < 0 || begin < best) best = begin;
          } else if (state.test) {
            if (at < points.length && state.test(points[at]!)) step.push([state.next[0]!, begin]);
          } else if (this.#passes(state, subject, at)) stack.push(...state.next);
        }
      }
      reached = step.sort((a, b) => a[1] - b[1]);
    }
    return best;
  }
}

function withoutConstraints(node: RegexNode): RegexNode {
  switch (node.kind) {
    case 'assert':
    case 'look':
      return { kind: 'empty' };
    case 'sequence':
    case 'choice':
      return { kind: node.kind, items: node.items.map(withoutConstraints) };
    case 'repeat':
    case 'capture':
      return { ...node, item: withoutConstraints(node.item) };
    default:
      return node;
  }
}
