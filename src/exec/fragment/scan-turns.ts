// Which fragments of one scan the store is asked to run, and how many at a time.
import type { FragmentCost, Gather } from '../../planner/index.js';
import type { FragmentSpeed } from './measured-speed.js';

/** A fragment that the store is asked to run. */
export interface Turn {
  answered(): void;
  refused(): void;
}

/** Fragments that storage has at a time once it has answered one. */
const mostInStorage = 16;
/** Storage that seems slow, but not beyond doubt, is left out for one fragment in so many, until it is known what that takes here. */
const partitionsPerTrial = 8;
const beyondDoubt = 0.15;
/** Of the answers that are under way or wait for their turn. */
const mostAnswerBytes = 64 << 20;

export class ScanTurns {
  readonly #gather: Gather;
  readonly #speed: FragmentSpeed | undefined;
  #partitions = 0;
  #answers = 0;
  #trial = -partitionsPerTrial;
  /** In a row. */
  #refusals = 0;
  /** The partition of the scan from which storage is asked again. */
  #again = 0;

  /** @param speed none where the store does not compute */
  constructor(gather: Gather, speed: FragmentSpeed | undefined) {
    this.#gather = gather;
    this.#speed = speed;
  }

  /** `undefined`: it runs here. */
  next(partition: number): Turn | undefined {
    const number = this.#partitions++;
    const { placement, here, costs } = this.#gather;
    if (!this.#speed || placement === 'local' || here?.has(partition)) return undefined;
    if (number < this.#again) return undefined;
    if (costs) {
      const [rows, read, answer] = [costs.rows[partition]!, costs.read[partition]!, costs.answer[partition]!];
      if (!this.#isTurn(this.#speed, { rows, read, answer }, number)) return undefined;
    }
    return {
      answered: () => {
        this.#answers++;
        this.#refusals = 0;
      },
      // What one partition is refused another may be given; after each refusal in a row twice as many are not offered.
      refused: () => {
        if (number < this.#again) return;
        this.#again = this.#partitions + 2 ** this.#refusals;
        this.#refusals++;
      },
    };
  }

  #isTurn(speed: FragmentSpeed, cost: FragmentCost, number: number): boolean {
    if (speed.takeTurn(cost)) return true;
    if (speed.isKnownHere || speed.share(cost) < beyondDoubt) return false;
    if (number < this.#trial + partitionsPerTrial) return true;
    this.#trial = number;
    return false;
  }

  /** @param here fragments that this machine has at a time */
  mostUnderWay(here: number): number {
    const { estimate, limit } = this.#gather;
    // A limit may need no more than the first few.
    if (this.#answers === 0 || limit !== undefined) return here;
    const each = estimate ? estimate.answer / Math.max(1, estimate.partitions) : mostAnswerBytes;
    return Math.max(here, Math.min(mostInStorage, Math.floor(mostAnswerBytes / Math.max(1, each))));
  }
}
