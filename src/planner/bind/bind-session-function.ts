// Functions about the session: their values are known when the statement is bound.
import {
  castValue,
  currentStyle,
  fail,
  type IntervalValue,
  listOf,
  type Overload,
  offsetAt,
  printTimetz,
  type Span,
  type SqlType,
  splitTimestamp,
  toLocal,
  types,
  type Value,
} from '../../core/index.js';
import { canCoerce, castScalar } from './coerce.js';
import type { BindContext } from './environment.js';
import type { Scalar } from './scalar.js';

export interface SessionInfo {
  readonly database: string;
  readonly user: string;
  /** Datasets of the search path, or all where there is none. */
  readonly schemas: readonly string[];
  readonly version: string;
  readonly processId: number;
  /** Called while the statement runs. @throws DiagnosticError 42501 */
  readonly signal: (processId: number, what: 'cancel' | 'terminate') => boolean;
  /** When the transaction block began, if there is one: the time that all of its statements see. */
  readonly transactionStart?: bigint;
  /** @throws DiagnosticError 42704 */
  readonly setting: (name: string) => string;
  /** Channels by LISTEN. */
  readonly listening: () => readonly string[];
  /** The statement waits so many milliseconds before its first row. Absent where it is only described. */
  readonly wait?: (milliseconds: number) => void;
  /** Absent where the statement is only described. @throws DiagnosticError 22023 */
  readonly notify?: (channel: string, payload: string) => void;
  /** Absent where the statement is only described. @throws DiagnosticError 42704, 22023 */
  readonly configure?: (name: string, value: string | null, local: boolean) => string;
}

/** `undefined` where the function is another one, or the environment tells nothing of a session. */
export function sessionFunction(
  name: string,
  args: () => readonly Scalar[],
  { environment: { session, system }, startMicros }: BindContext,
  span: Span,
): Scalar | undefined {
  const start = name === 'statement_timestamp' ? startMicros : (session?.transactionStart ?? startMicros);
  const clock = clockFunction(name, args, start, span);
  if (clock || !session) return clock;
  const named = (value: string | null): Scalar => ({ kind: 'literal', type: types.name, value, span });
  switch (name) {
    case 'current_database':
    case 'current_catalog':
      return named(session.database);
    case 'current_user':
    case 'session_user':
    case 'current_role':
    case 'user':
      return named(session.user);
    case 'current_schema':
      return named(session.schemas[0] ?? 'public');
    case 'current_schemas': {
      const [withSystem] = args();
      const schemas =
        withSystem?.kind === 'literal' && withSystem.value === true
          ? ['pg_catalog', ...session.schemas]
          : [...session.schemas];
      return { kind: 'literal', type: listOf(types.name), value: schemas, span };
    }
    case 'version':
      return { kind: 'literal', type: types.text, value: session.version, span };
    case 'pg_my_temp_schema': {
      // A number at once where the catalogue is at hand; else a query of it stands for the call.
      const value = system && (system.oidOf('regnamespace', 'pg_temp') ?? 0n);
      return value === undefined ? undefined : { kind: 'literal', type: types.oid, value, span };
    }
    case 'pg_client_encoding':
      return { kind: 'literal', type: types.name, value: session.setting('client_encoding'), span };
    case 'pg_backend_pid':
      return { kind: 'literal', type: types.int4, value: session.processId, span };
    case 'pg_get_userbyid':
      return named(session.user);
    case 'current_setting': {
      const [setting, missing] = args();
      // A name that is computed is looked up in pg_settings.
      if (setting?.kind !== 'literal' || typeof setting.value !== 'string') return undefined;
      const mayMiss = missing?.kind === 'literal' && missing.value === true;
      try {
        return { kind: 'literal', type: types.text, value: session.setting(setting.value), span };
      } catch (error) {
        if (!mayMiss) throw error;
        return { kind: 'literal', type: types.text, value: null, span };
      }
    }
    case 'set_config': {
      const [setting, value, local] = args();
      if ([setting, value, local].some((arg) => arg?.kind !== 'literal'))
        throw fail('feature_not_supported', 'set_config takes constants', { span });
      const given = (arg: Scalar | undefined) => (arg?.kind === 'literal' ? arg.value : null);
      const named = given(setting);
      if (named === null) throw fail('null_value_not_allowed', 'SET requires parameter name', { span });
      const shown = given(value);
      const text = shown === null ? null : String(shown);
      const result = session.configure?.(String(named), text, given(local) === true) ?? text;
      return { kind: 'literal', type: types.text, value: result, span };
    }
    case 'pg_notify': {
      const given = args();
      if (given.length !== 2) return undefined;
      const [channel, payload] = given.map((arg) => castScalar(arg, types.text, false)) as [Scalar, Scalar];
      if (channel.kind !== 'literal' || payload.kind !== 'literal')
        throw fail('feature_not_supported', 'pg_notify takes constants and parameters', { span });
      session.notify?.(String(channel.value ?? ''), String(payload.value ?? ''));
      return { kind: 'literal', type: types.void, value: '', span };
    }
    case 'pg_cancel_backend':
      return signalCall(name, 'cancel', args(), session, span);
    case 'pg_terminate_backend':
      return signalCall(name, 'terminate', args(), session, span);
    case 'pg_sleep':
    case 'pg_sleep_for':
    case 'pg_sleep_until': {
      const milliseconds = sleepTime(name, args(), startMicros, span);
      if (milliseconds !== null) session.wait?.(milliseconds);
      return { kind: 'literal', type: types.void, value: milliseconds === null ? null : '', span };
    }
    default:
      return undefined;
  }
}

/** A call for each row; a time to wait for the end, which PostgreSQL takes, is none here: the end comes at once. */
function signalCall(
  name: string,
  what: 'cancel' | 'terminate',
  args: readonly Scalar[],
  { signal }: SessionInfo,
  span: Span,
): Scalar | undefined {
  const [processId] = args;
  if (!processId || args.length > (what === 'cancel' ? 1 : 2) || !canCoerce(processId.type, types.int4))
    return undefined;
  const overload: Overload = {
    op: name,
    args: [types.int4],
    returns: types.bool,
    strict: true,
    volatility: 'volatile',
    fold: ([value]) => signal(value as number, what),
  };
  return { kind: 'call', type: types.bool, name, overload, args: [castScalar(processId, types.int4, false)], span };
}

/** Milliseconds that a call of pg_sleep and its kin asks for; `null` where its argument is. */
function sleepTime(name: string, args: readonly Scalar[], startMicros: bigint, span: Span): number | null {
  const type = { pg_sleep: types.float8, pg_sleep_for: types.interval, pg_sleep_until: types.timestamptz }[name]!;
  const [arg, more] = args;
  if (!arg || more) throw fail('undefined_function', `function ${name} takes one argument`, { span });
  if (arg.kind !== 'literal') throw fail('feature_not_supported', `${name} takes a constant`, { span });
  const value = castValue(arg.value, arg.type.kind === 'unknown' ? types.text : arg.type, type);
  if (value === null) return null;
  if (type === types.float8) return (value as number) * 1000;
  if (type === types.timestamptz) return Number((value as bigint) - startMicros) / 1000;
  const { months, days, micros } = value as IntervalValue;
  return (months * 30 + days) * 86_400_000 + Number(micros) / 1000;
}

/** The time at which the statement began; all of its parts see the same. */
function clockFunction(name: string, args: () => readonly Scalar[], micros: bigint, span: Span): Scalar | undefined {
  const local = toLocal(currentStyle().timeZone, micros);
  const { days, time } = splitTimestamp(local);
  const literal = (type: SqlType, value: Value): Scalar => ({ kind: 'literal', type, value, span });
  /** `current_timestamp(2)` keeps so many digits of the second. */
  const kept = (value: bigint): bigint => {
    const [digits] = args();
    if (digits?.kind !== 'literal') return value;
    const step = 10n ** BigInt(6 - Math.min(6, Number(digits.value)));
    return (value / step) * step;
  };
  switch (name) {
    case 'now':
    case 'transaction_timestamp':
    case 'statement_timestamp':
    case 'current_timestamp':
      return literal(types.timestamptz, kept(micros));
    case 'localtimestamp':
      return literal(types.timestamp, kept(local));
    case 'current_date':
      return literal(types.date, days);
    case 'current_time': {
      const offset = offsetAt(currentStyle().timeZone, micros);
      return literal(types.timetz, printTimetz({ time: kept(time), offset }));
    }
    case 'localtime':
      return literal(types.time, kept(time));
    default:
      return undefined;
  }
}
