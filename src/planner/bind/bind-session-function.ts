// Functions about the session: their values are known when the statement is bound.
import { fail, listOf, type Span, types } from '../../core/index.js';
import type { BindEnvironment } from './environment.js';
import type { Scalar } from './scalar.js';

export interface SessionInfo {
  readonly database: string;
  readonly user: string;
  /** Datasets of the search path, or all where there is none. */
  readonly schemas: readonly string[];
  readonly version: string;
  readonly processId: number;
  /** @throws DiagnosticError 42704 */
  readonly setting: (name: string) => string;
}

/** `undefined` where the function is another one, or the environment tells nothing of a session. */
export function sessionFunction(
  name: string,
  args: () => readonly Scalar[],
  { session }: BindEnvironment,
  span: Span,
): Scalar | undefined {
  if (!session) return undefined;
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
    case 'pg_backend_pid':
      return { kind: 'literal', type: types.int4, value: session.processId, span };
    case 'pg_get_userbyid':
      return named(session.user);
    case 'current_setting': {
      const [setting, missing] = args();
      if (setting?.kind !== 'literal' || typeof setting.value !== 'string')
        throw fail('feature_not_supported', 'current_setting takes a constant name', { span });
      const mayMiss = missing?.kind === 'literal' && missing.value === true;
      try {
        return { kind: 'literal', type: types.text, value: session.setting(setting.value), span };
      } catch (error) {
        if (!mayMiss) throw error;
        return { kind: 'literal', type: types.text, value: null, span };
      }
    }
    default:
      return undefined;
  }
}
