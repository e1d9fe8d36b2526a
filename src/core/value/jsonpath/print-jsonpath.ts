// jsonpath as PostgreSQL prints it: keys quoted, operators in parentheses where they need them.
import { quoteJson } from '../json/jsonb.js';
import { printNumeric } from '../numeric.js';
import { type JsonPath, lastLevel, type PathStep, type Steps } from './jsonpath.js';

export function printJsonPath({ lax, steps }: JsonPath): string {
  return (lax ? '' : 'strict ') + print(steps, true);
}

/** How tightly the outermost operator binds. */
function priority([first]: Steps): number {
  switch (first!.kind) {
    case 'or':
      return 0;
    case 'and':
      return 1;
    case 'comparison':
    case 'starts_with':
      return 2;
    case 'arithmetic':
      return first!.op === '+' || first!.op === '-' ? 3 : 4;
    case 'sign':
      return 5;
    default:
      return 6;
  }
}

function print(steps: Steps, brackets: boolean): string {
  const [first, ...rest] = steps;
  const start = printFirst(first!, brackets || rest.length > 0, rest.length > 0);
  return start + rest.map((step) => printStep(step)).join('');
}

function printFirst(step: PathStep, brackets: boolean, followed: boolean): string {
  const own = priority([step]);
  const inner = (arg: Steps) => print(arg, priority(arg) <= own);
  const wrapped = (text: string) => (brackets ? `(${text})` : text);
  switch (step.kind) {
    case 'number':
      return followed ? `(${printNumeric(step.value)})` : printNumeric(step.value);
    case 'and':
    case 'or':
      return wrapped(`${inner(step.left)} ${step.kind === 'and' ? '&&' : '||'} ${inner(step.right)}`);
    case 'comparison':
    case 'arithmetic':
      return wrapped(`${inner(step.left)} ${step.op} ${inner(step.right)}`);
    case 'starts_with':
      return wrapped(`${inner(step.left)} starts with ${inner(step.right)}`);
    case 'like_regex': {
      const flags = step.flags === '' ? '' : ` flag "${step.flags}"`;
      return wrapped(`${inner(step.arg)} like_regex ${quoteJson(step.pattern)}${flags}`);
    }
    case 'sign':
      return wrapped(`${step.op}${inner(step.arg)}`);
    default:
      return printStep(step);
  }
}

function printStep(step: PathStep): string {
  switch (step.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(step.value);
    case 'string':
      return quoteJson(step.value);
    case 'variable':
      return `$${quoteJson(step.name)}`;
    case 'root':
      return '$';
    case 'current':
      return '@';
    case 'last':
      return 'last';
    case 'key':
      return `.${quoteJson(step.name)}`;
    case 'any_key':
      return '.*';
    case 'any_element':
      return '[*]';
    case 'elements': {
      const ranges = step.ranges.map(({ from, to }) => print(from, false) + (to ? ` to ${print(to, false)}` : ''));
      return `[${ranges.join(',')}]`;
    }
    case 'levels': {
      const { first, last } = step;
      const level = (n: number) => (n === lastLevel ? 'last' : String(n));
      if (first === 0 && last === lastLevel) return '.**';
      return first === last ? `.**{${level(first)}}` : `.**{${level(first)} to ${level(last)}}`;
    }
    case 'filter':
      return `?(${print(step.arg, false)})`;
    case 'exists':
      return `exists (${print(step.arg, false)})`;
    case 'not':
      return `!(${print(step.arg, false)})`;
    case 'is_unknown':
      return `(${print(step.arg, false)}) is unknown`;
    case 'method':
      return `.${step.method}()`;
    case 'datetime':
      return `.datetime(${step.template === undefined ? '' : quoteJson(step.template)})`;
    default:
      return printFirst(step, true, false);
  }
}
