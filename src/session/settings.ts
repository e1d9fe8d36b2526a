// The settings of one session, with PostgreSQL's names, defaults and checks. Immutable states, so that a rollback restores one.
import { canonicalTimeZone, encodingName, fail } from '../core/index.js';

interface Setting {
  readonly name: string;
  readonly value: string;
  /** Cannot be set. */
  readonly internal?: boolean;
  /** Told to the client whenever it changes. */
  readonly reported?: boolean;
  /** The value in its canonical form; `undefined` where it is none. */
  readonly check?: ((value: string, before: string) => string | undefined) & CheckFacts;
}

/** What a check takes, for those who list settings. */
interface CheckFacts {
  readonly words?: readonly string[];
  readonly range?: readonly [least: number, most: number];
}

/** A setting as pg_settings shows it. */
export interface SettingFacts extends CheckFacts {
  readonly name: string;
  readonly value: string;
  readonly byDefault: string;
  readonly isInternal: boolean;
  readonly isChanged: boolean;
  readonly type: 'bool' | 'enum' | 'integer' | 'string';
  readonly unit?: 'ms';
}

const serverVersion = '15.20';
export const serverVersionNumber = 150020;

function bool(value: string): string | undefined {
  const word = value.trim().toLowerCase();
  if (word !== '' && ['true', 'yes', 'on', '1'].some((w) => w.startsWith(word) && word !== 'o')) return 'on';
  return word !== '' && ['false', 'no', 'off', '0'].some((w) => w.startsWith(word) && word !== 'o') ? 'off' : undefined;
}

const oneOf = (...words: string[]) =>
  Object.assign((value: string) => words.find((word) => word === value.trim().toLowerCase()), { words });

const integer = (least: number, most: number) =>
  Object.assign(
    (value: string) => {
      const number = Number(value.trim());
      return value.trim() !== '' && Number.isInteger(number) && number >= least && number <= most
        ? String(number)
        : undefined;
    },
    { range: [least, most] as const },
  );

const timeUnits: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1e3, min: 6e4, h: 3.6e6, d: 8.64e7 };

/** Milliseconds of `0`, `250`, `250ms`, `5s`, `1min`; `undefined` where it is none. */
export function milliseconds(value: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value);
  const found = match && Math.round(Number(match[1]) * timeUnits[match[2] ?? 'ms']!);
  return found === null || found > 0x7fffffff ? undefined : found;
}

const invalidValue = (name: string, value: string, hint?: string) =>
  fail('invalid_parameter_value', `invalid value for parameter "${name}": "${value}"`, hint ? { hint } : {});

/** What is wrong with a text that is no duration: its number, its unit or its size. */
function wrongDuration(name: string, value: string) {
  const [, number, unit = ''] = /^\s*([+-]?\d+(?:\.\d+)?)\s*(.*?)\s*$/s.exec(value) ?? [];
  if (number === undefined) return invalidValue(name, value);
  const factor = timeUnits[unit || 'ms'];
  if (factor === undefined)
    return invalidValue(name, value, 'Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".');
  const found = Math.round(Number(number) * factor);
  if (Math.abs(found) > 0x7fffffff) return invalidValue(name, value, 'Value exceeds integer range.');
  const message = `${found} ms is outside the valid range for parameter "${name}" (0 .. 2147483647)`;
  return fail('invalid_parameter_value', message);
}

/** As PostgreSQL shows it: in the largest unit that leaves a whole number. */
function duration(value: string): string | undefined {
  const found = milliseconds(value);
  if (found === undefined || found === 0) return found === undefined ? undefined : '0';
  const unit = (['d', 'h', 'min', 's'] as const).find((u) => found % timeUnits[u]! === 0) ?? 'ms';
  return `${found / timeUnits[unit]!}${unit}`;
}

/** A style of output and an order of day and month; what is not named stays as it is. */
function dateStyle(value: string, before: string): string | undefined {
  const words = value.split(',').map((word) => word.trim().toLowerCase());
  let [output, order] = before.split(', ') as [string, string];
  let [hasOutput, hasOrder] = [false, false];
  const setOutput = (name: string): boolean => {
    const again = hasOutput && output !== name;
    [output, hasOutput] = [name, true];
    return !again;
  };
  const setOrder = (name: string): boolean => {
    const again = hasOrder && order !== name;
    [order, hasOrder] = [name, true];
    return !again;
  };
  for (const word of words) {
    const taken =
      word === 'iso'
        ? setOutput('ISO')
        : word === 'sql'
          ? setOutput('SQL')
          : word.startsWith('postgres')
            ? setOutput('Postgres')
            : word === 'german'
              ? setOutput('German') && (hasOrder || setOrder('DMY'))
              : word === 'ymd'
                ? setOrder('YMD')
                : /^(?:dmy|euro.*)$/.test(word)
                  ? setOrder('DMY')
                  : /^(?:mdy|us|noneuro.*)$/.test(word)
                    ? setOrder('MDY')
                    : word === 'default' && setOutput('ISO') && setOrder('MDY');
    if (!taken) return undefined;
  }
  return `${output}, ${order}`;
}

function timeZone(value: string): string | undefined {
  return /^(?:local|default)$/i.test(value.trim()) ? 'UTC' : canonicalTimeZone(value);
}

const inert = (name: string, value: string, check?: Setting['check']): Setting => ({
  name,
  value,
  ...(check && { check }),
});
const internal = (name: string, value: string): Setting => ({ name, value, internal: true });
const isolation = oneOf('serializable', 'repeatable read', 'read committed', 'read uncommitted');
const only = (supported: string) =>
  Object.assign(
    (value: string) => {
      const word = value.trim().toLowerCase();
      if (word === supported) return supported;
      throw fail('feature_not_supported', `only ${supported} is supported here, not "${value}"`);
    },
    { words: [supported] },
  );

const definitions: readonly Setting[] = [
  { name: 'application_name', value: '', reported: true },
  { name: 'client_encoding', value: 'UTF8', reported: true, check: encodingName },
  { name: 'DateStyle', value: 'ISO, MDY', reported: true, check: dateStyle },
  { name: 'default_transaction_read_only', value: 'off', reported: true, check: bool },
  { ...internal('in_hot_standby', 'off'), reported: true },
  { ...internal('integer_datetimes', 'on'), reported: true },
  {
    name: 'IntervalStyle',
    value: 'postgres',
    reported: true,
    check: oneOf('postgres', 'postgres_verbose', 'sql_standard', 'iso_8601'),
  },
  { ...internal('is_superuser', 'off'), reported: true },
  { ...internal('server_encoding', 'UTF8'), reported: true },
  { ...internal('server_version', serverVersion), reported: true },
  { name: 'session_authorization', value: '', internal: true, reported: true },
  { name: 'standard_conforming_strings', value: 'on', reported: true, check: only('on') },
  { name: 'TimeZone', value: 'UTC', reported: true, check: timeZone },
  internal('server_version_num', String(serverVersionNumber)),
  internal('block_size', '8192'),
  internal('max_identifier_length', '63'),
  internal('max_index_keys', '32'),
  internal('segment_size', '1GB'),
  internal('lc_collate', 'C'),
  internal('lc_ctype', 'C.UTF-8'),
  inert('default_table_access_method', 'heap'),
  inert('default_tablespace', ''),
  inert('search_path', '"$user", public'),
  inert('statement_timeout', '0', duration),
  inert('lock_timeout', '0', duration),
  inert('idle_in_transaction_session_timeout', '0', duration),
  inert('idle_session_timeout', '0', duration),
  inert('transaction_isolation', 'read committed', isolation),
  inert('default_transaction_isolation', 'read committed', isolation),
  inert('transaction_read_only', 'off', bool),
  inert('transaction_deferrable', 'off', bool),
  inert('default_transaction_deferrable', 'off', bool),
  inert('extra_float_digits', '1', integer(-15, 3)),
  inert('bytea_output', 'hex', only('hex')),
  inert(
    'client_min_messages',
    'notice',
    oneOf('debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'log', 'notice', 'warning', 'error'),
  ),
  inert('row_security', 'on', bool),
  inert('jit', 'off', bool),
  inert('geqo', 'on', bool),
  inert('array_nulls', 'on', bool),
  inert('escape_string_warning', 'on', bool),
  inert('quote_all_identifiers', 'off', bool),
  inert('check_function_bodies', 'on', bool),
  inert('default_with_oids', 'off', bool),
  inert('synchronous_commit', 'on'),
  inert('xmloption', 'content', oneOf('content', 'document')),
  inert('role', 'none'),
  inert('work_mem', '4MB'),
  inert('maintenance_work_mem', '64MB'),
  inert('max_parallel_workers_per_gather', '2', integer(0, 1024)),
  inert('enable_seqscan', 'on', bool),
  inert('enable_nestloop', 'on', bool),
  inert('enable_hashjoin', 'on', bool),
  inert('lc_messages', 'C'),
  inert('lc_monetary', 'C'),
  inert('lc_numeric', 'C'),
  inert('lc_time', 'C'),
  inert('plan_cache_mode', 'auto'),
  inert('skyhook.pushdown', 'auto', oneOf('auto', 'on', 'off')),
  inert('skyhook.kernel', 'on', oneOf('on', 'evaluator', 'off')),
  inert('skyhook.disabled_rules', ''),
];

/** On what a statement means; functions that read them or the session's user say so while they are bound. */
const withoutEffect = /^(?:application_name|client_min_messages|session_authorization|transaction_\w+|\w+_timeout)$/;

const byName = new Map(definitions.map((setting) => [setting.name.toLowerCase(), setting]));

export class Settings {
  /** Changed values by lower-case name. Replaced as a whole, never changed. */
  #values: ReadonlyMap<string, string> = new Map();
  #version = 0;
  #defaults: ReadonlyMap<string, string>;
  #fingerprint: string | undefined;

  /** @param defaults values that RESET goes back to, as a connection's startup gave them */
  constructor(defaults: ReadonlyMap<string, string> = new Map()) {
    this.#defaults = defaults;
  }

  #valueOf(name: string): string {
    const key = name.toLowerCase();
    return this.#values.get(key) ?? this.#defaults.get(key) ?? byName.get(key)?.value ?? '';
  }

  /** @throws DiagnosticError 42704 */
  get(name: string): string {
    const key = name.toLowerCase();
    const value = this.#values.get(key) ?? this.#defaults.get(key) ?? byName.get(key)?.value;
    if (value === undefined) throw unrecognized(name);
    return value;
  }

  /** As it is spelt: `DateStyle`. */
  spelling(name: string): string {
    return byName.get(name.toLowerCase())?.name ?? name;
  }

  /** @throws DiagnosticError 42704, 22023, 55P02 (as 0A000) */
  set(name: string, value: string): void {
    this.#replace(new Map(this.#values).set(name.toLowerCase(), checked(name, value, this.#valueOf(name))));
  }

  reset(name: string): void {
    this.get(name);
    const values = new Map(this.#values);
    values.delete(name.toLowerCase());
    this.#replace(values);
  }

  resetAll(): void {
    this.#replace(new Map());
  }

  /** What RESET goes back to: startup options and names that the server decides. */
  setDefault(name: string, value: string, force = false): void {
    this.#defaults = new Map(this.#defaults).set(
      name.toLowerCase(),
      force ? value : checked(name, value, this.#valueOf(name)),
    );
    this.#changed();
  }

  /** All that is not as it is by itself and may make another plan of a statement, as one text. */
  get fingerprint(): string {
    if (this.#fingerprint !== undefined) return this.#fingerprint;
    const changed = [...new Map([...this.#defaults, ...this.#values])].filter(([name]) => !withoutEffect.test(name));
    this.#fingerprint = JSON.stringify(changed.sort(([a], [b]) => (a < b ? -1 : 1)));
    return this.#fingerprint;
  }

  snapshot(): ReadonlyMap<string, string> {
    return this.#values;
  }

  restore(snapshot: ReadonlyMap<string, string>): void {
    if (snapshot !== this.#values) this.#replace(snapshot);
  }

  /** Grows with each change. */
  get version(): number {
    return this.#version;
  }

  #replace(values: ReadonlyMap<string, string>): void {
    this.#values = values;
    this.#changed();
  }

  #changed(): void {
    this.#version++;
    this.#fingerprint = undefined;
  }

  /** What a client is told. */
  *reported(): Iterable<[name: string, value: string]> {
    for (const { name, reported } of definitions) if (reported) yield [name, this.get(name)];
  }

  *all(): Iterable<[name: string, value: string]> {
    for (const { name } of definitions) yield [name, this.get(name)];
  }

  /** All of them, and what they take. */
  facts(): SettingFacts[] {
    return definitions.map(({ name, value: byDefault, internal, check }) => {
      const value = this.get(name);
      return {
        name,
        value,
        byDefault,
        isInternal: internal === true,
        isChanged: value !== byDefault,
        type:
          check === bool ? 'bool' : check?.words ? 'enum' : check?.range || check === duration ? 'integer' : 'string',
        ...(check?.words && { words: check.words }),
        ...(check?.range && { range: check.range }),
        ...(check === duration && { unit: 'ms' }),
      };
    });
  }
}

const unrecognized = (name: string) => fail('undefined_object', `unrecognized configuration parameter "${name}"`);

/** @throws DiagnosticError 22023 */
export function checkSetting(name: string, value: string): void {
  checked(name, value, '');
}

function checked(name: string, value: string, before: string): string {
  const setting = byName.get(name.toLowerCase());
  // A name with a dot is the user's own.
  if (!setting && !name.includes('.')) throw unrecognized(name);
  if (setting?.internal) throw fail('cant_change_runtime_param', `parameter "${setting.name}" cannot be changed`);
  if (!setting?.check) return value;
  const canonical = setting.check(value, before);
  if (canonical !== undefined) return canonical;
  if (setting.check === bool)
    throw fail('invalid_parameter_value', `parameter "${setting.name}" requires a Boolean value`);
  throw setting.check === duration ? wrongDuration(setting.name, value) : invalidValue(setting.name, value);
}
