// A client's connection as other sessions see it: a row of pg_stat_activity.
export interface Backend {
  readonly processId: number;
  readonly user: string;
  readonly database: string;
  /** As the client is called now. */
  readonly applicationName: string;
  readonly address: string;
  readonly port: number;
  /** Microseconds since 1970. */
  readonly startMicros: bigint;
  readonly state: 'active' | 'idle' | 'idle in transaction' | 'idle in transaction (aborted)';
  /** The text that runs, or ran last. */
  readonly query: string;
}
