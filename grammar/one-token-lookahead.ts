// How the parsers decide: by one token, looked up in a table per decision. Chevrotain's own LL(k) analysis of this grammar takes
// 90 ms at start-up and gives slower functions; FIRST sets computed once per rule take 3 ms. `validate` reports what one token cannot
// decide, token categories included, which Chevrotain's own check misses.
import type {
  Alternation,
  BaseParser,
  ILookaheadStrategy,
  ILookaheadValidationError,
  IOrAlt,
  IProduction,
  OptionalProductionType,
  Rule,
  TokenType,
} from 'chevrotain';
import * as gast from './chevrotain.js';

/** The token types that can start a production, by index; `nullable` if it may also be empty. */
interface First {
  readonly types: Set<number>;
  nullable: boolean;
}

type Decision =
  | 'Alternation'
  | 'Option'
  | 'Repetition'
  | 'RepetitionMandatory'
  | 'RepetitionMandatoryWithSeparator'
  | 'RepetitionWithSeparator';

function kindOf(production: IProduction): Decision | undefined {
  if (production instanceof gast.Alternation) return 'Alternation';
  if (production instanceof gast.Option) return 'Option';
  if (production instanceof gast.Repetition) return 'Repetition';
  if (production instanceof gast.RepetitionMandatory) return 'RepetitionMandatory';
  if (production instanceof gast.RepetitionMandatoryWithSeparator) return 'RepetitionMandatoryWithSeparator';
  if (production instanceof gast.RepetitionWithSeparator) return 'RepetitionWithSeparator';
  return undefined;
}

export class OneTokenLookahead implements ILookaheadStrategy {
  private readonly firstOfRule = new Map<Rule, First>();
  private readonly decisions = new Map<string, IProduction & { idx: number; definition: IProduction[] }>();

  initialize({ rules }: { rules: Rule[] }): void {
    for (const rule of rules) this.index(rule, rule.definition);
  }

  private index(rule: Rule, productions: IProduction[]): void {
    for (const production of productions) {
      const kind = kindOf(production);
      const node = production as IProduction & { idx: number; definition: IProduction[] };
      if (kind) this.decisions.set(`${rule.name} ${kind} ${node.idx}`, node);
      if (!(production instanceof gast.NonTerminal) && !(production instanceof gast.Terminal))
        this.index(rule, node.definition);
    }
  }

  private firstOf(rule: Rule): First {
    let first = this.firstOfRule.get(rule);
    if (!first) {
      first = this.firstOfSequence(rule.definition);
      this.firstOfRule.set(rule, first);
    }
    return first;
  }

  private firstOfSequence(productions: IProduction[]): First {
    const types = new Set<number>();
    for (const production of productions) {
      const first = this.firstOfProduction(production);
      for (const type of first.types) types.add(type);
      if (!first.nullable) return { types, nullable: false };
    }
    return { types, nullable: true };
  }

  private firstOfProduction(production: IProduction): First {
    if (production instanceof gast.Terminal) {
      const type: TokenType = production.terminalType;
      return { types: new Set([type.tokenTypeIdx!, ...(type.categoryMatches ?? [])]), nullable: false };
    }
    if (production instanceof gast.NonTerminal) return this.firstOf(production.referencedRule);
    const { definition } = production as Alternation;
    if (production instanceof gast.Alternation) {
      const types = new Set<number>();
      let nullable = false;
      for (const alternative of definition) {
        const first = this.firstOfSequence((alternative as unknown as Rule).definition);
        for (const type of first.types) types.add(type);
        nullable ||= first.nullable;
      }
      return { types, nullable };
    }
    const first = this.firstOfSequence(definition);
    const optional =
      production instanceof gast.Option ||
      production instanceof gast.Repetition ||
      production instanceof gast.RepetitionWithSeparator;
    return optional ? { types: first.types, nullable: true } : first;
  }

  buildLookaheadForAlternation(options: { prodOccurrence: number; rule: Rule; hasPredicates: boolean }) {
    const alternation = this.decisions.get(`${options.rule.name} Alternation ${options.prodOccurrence}`)!;
    const firsts = alternation.definition.map(
      (alternative) => this.firstOfSequence((alternative as Rule).definition).types,
    );
    if (options.hasPredicates)
      return function (this: BaseParser, alternatives?: IOrAlt<unknown>[]): number | undefined {
        const type = this.LA(1).tokenTypeIdx;
        const index = firsts.findIndex((first, i) => first.has(type) && alternatives?.[i]?.GATE?.call(this) !== false);
        return index < 0 ? undefined : index;
      };
    const choice: (number | undefined)[] = [];
    for (let i = firsts.length - 1; i >= 0; i--) for (const type of firsts[i]!) choice[type] = i;
    return function (this: BaseParser): number | undefined {
      return choice[this.LA(1).tokenTypeIdx];
    };
  }

  buildLookaheadForOptional(options: { prodOccurrence: number; prodType: OptionalProductionType; rule: Rule }) {
    const { definition } = this.decisions.get(`${options.rule.name} ${options.prodType} ${options.prodOccurrence}`)!;
    const starts: boolean[] = [];
    for (const type of this.firstOfSequence(definition).types) starts[type] = true;
    return function (this: BaseParser): boolean {
      return starts[this.LA(1).tokenTypeIdx] === true;
    };
  }

  /** Everything a decision looks for. */
  protected typesOf(rule: Rule, kind: string, occurrence: number): ReadonlySet<number> {
    const decision = this.decisions.get(`${rule.name} ${kind} ${occurrence}`)!;
    return kind === 'Alternation'
      ? this.firstOfProduction(decision).types
      : this.firstOfSequence(decision.definition).types;
  }

  validate(): ILookaheadValidationError[] {
    return [];
  }
}
