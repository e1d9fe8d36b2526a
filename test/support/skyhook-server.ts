// A server of ours over a store in memory, for tests that speak to it: a free port; what it logs as a bug fails the test file.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import { defaultServerOptions, type ServerOptions, serve, type WireServer } from '../../src/pgwire/index.js';
import { Database } from '../../src/session/index.js';

export class SkyhookServer {
  readonly database: Database;
  readonly #servers: WireServer[] = [];
  readonly #bugs: unknown[] = [];

  private constructor(database: Database) {
    this.database = database;
  }

  /** @param sample whether the bundled file is there, as dataset `aod` */
  static async start({ sample = false } = {}): Promise<SkyhookServer> {
    const server = new SkyhookServer(await Database.open('memory:'));
    if (sample)
      await server.database.ingest('aod', [fileURLToPath(new URL('../../samples/events.root', import.meta.url))]);
    await server.listen();
    return server;
  }

  /** Another port over the same store. */
  async listen(options: Partial<ServerOptions> = {}): Promise<WireServer> {
    const server = await serve(this.database, { ...defaultServerOptions, port: 0, ...options }, (event) => {
      if (event.event === 'bug') this.#bugs.push(event);
    });
    this.#servers.push(server);
    return server;
  }

  /** The first one: who comes in is trusted. */
  get wire(): WireServer {
    return this.#servers[0]!;
  }

  get port(): number {
    return this.wire.port;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) await server.close();
    await this.database.close();
    expect(this.#bugs).toEqual([]);
  }
}

/** Up for the tests of the file that calls it. */
export function skyhookServer(options: { sample?: boolean } = {}): () => SkyhookServer {
  let server: SkyhookServer;
  beforeAll(async () => {
    server = await SkyhookServer.start(options);
  });
  afterAll(() => server.stop());
  return () => server;
}
