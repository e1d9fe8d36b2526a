// Our server and a real PostgreSQL 15, each with a client that says what a test wants: for suites that compare their answers.
import { afterAll, beforeAll } from 'vitest';
import { defaultServerOptions, serve, type WireServer } from '../../src/pgwire/index.js';
import { Database } from '../../src/session/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';
import { WireClient } from './wire-client.js';

export class BothServers {
  readonly ours: WireClient;
  /** Absent where PostgreSQL is not installed. */
  readonly theirs: WireClient | undefined;
  readonly server: WireServer;
  readonly postgres: PostgresServer | undefined;

  constructor(ours: WireClient, theirs: WireClient | undefined, server: WireServer, postgres?: PostgresServer) {
    this.ours = ours;
    this.theirs = theirs;
    this.server = server;
    this.postgres = postgres;
  }

  /** Another client of each, for a test that may end its connection. */
  async more(): Promise<WireClient[]> {
    const { server, postgres } = this;
    const clients = [await WireClient.ready(server.port)];
    if (postgres) clients.push(await WireClient.ready(postgres.port, theirUser));
    return clients;
  }
}

/** For clients of PostgreSQL. */
export const theirUser = { user: 'skyhook', database: 'postgres' };

/** Up for the tests of the file that calls it. */
export function bothServers(): () => BothServers {
  let database: Database;
  let both: BothServers;
  const bugs: unknown[] = [];
  beforeAll(async () => {
    database = await Database.open('memory:');
    const server = await serve(database, { ...defaultServerOptions, port: 0 }, (event) => {
      if (event.event === 'bug') bugs.push(event);
    });
    const postgres = await startPostgres();
    const theirs = postgres && (await WireClient.ready(postgres.port, theirUser));
    both = new BothServers(await WireClient.ready(server.port), theirs, server, postgres);
  });
  afterAll(async () => {
    both.ours.end();
    both.theirs?.end();
    await both.server.close();
    await database.close();
    await both.postgres?.stop();
    if (bugs.length > 0) throw new Error(`the server logged bugs: ${JSON.stringify(bugs)}`);
  });
  return () => both;
}
