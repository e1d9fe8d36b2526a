// A compiled program as the evaluator runs it: the fragment's instructions, plus `fold` for what has no opcode.
import type { Instruction, Opcode, Overload, RenderContext, Span } from '../../core/index.js';

export interface LocalInstruction extends Omit<Instruction, 'op'> {
  readonly op: Opcode | 'fold';
  /** Of `fold`: the reference meaning, row by row. */
  readonly overload?: Overload;
  readonly context?: RenderContext;
  readonly span?: Span;
}
