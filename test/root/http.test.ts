// A ROOT file behind HTTP: ranges, servers without them, and connections that break.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { openRootFile } from '../../src/ingest/root/index.js';

const path = join(import.meta.dirname, 'fixtures', 'files', 'zlib.root');
const bytes = await readFile(path);
let stop: () => Promise<void> = async () => {};

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const others = stop;
  stop = async () => {
    await others();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/zlib.root`;
}

afterEach(async () => {
  await stop();
  stop = async () => {};
});

function sendRange(request: IncomingMessage, response: ServerResponse, body = bytes): number {
  const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
  const end = Math.min(Number(to) + 1, body.length);
  response.writeHead(206, { 'content-range': `bytes ${from}-${end - 1}/${body.length}`, etag: '"1"' });
  response.end(body.subarray(Number(from), end));
  return end - Number(from);
}

async function values(url: string): Promise<{ sum: bigint; notices: readonly string[] }> {
  const file = await openRootFile(url);
  try {
    const tree = file.trees[0]!;
    const [data] = await tree.read([tree.columns.find((c) => c.name === 'number')!], 0, tree.entries);
    return { sum: (data!.values as BigInt64Array).reduce((a, b) => a + b, 0n), notices: file.notices };
  } finally {
    await file.close();
  }
}

const expected = (await values(path)).sum;

test('the fixture counts its entries', () => expect(expected).toBe((39n * 40n) / 2n));

test('reads ranges, few of them', async () => {
  let requests = 0;
  const url = await serve((request, response) => {
    requests++;
    sendRange(request, response);
  });
  expect(await values(url)).toEqual({ sum: expected, notices: [] });
  expect(requests).toBeLessThan(12);
});

test('a server that refuses ranges: one download, with a notice', async () => {
  let requests = 0;
  const url = await serve((_, response) => {
    requests++;
    response.writeHead(200, { 'content-length': bytes.length });
    response.end(bytes);
  });
  const read = await values(url);
  expect(read.sum).toBe(expected);
  expect(read.notices).toEqual([expect.stringContaining('does not serve byte ranges')]);
  expect(requests).toBe(1);
});

test('a file that is not there, or not for us', async () => {
  const missing = await serve((_, response) => response.writeHead(404).end());
  await expect(openRootFile(missing)).rejects.toMatchObject({ diagnostic: { condition: 'undefined_file' } });
  await stop();
  const forbidden = await serve((_, response) => response.writeHead(403).end());
  await expect(openRootFile(forbidden)).rejects.toMatchObject({ diagnostic: { condition: 'insufficient_privilege' } });
});

test('connections that drop and servers that stumble are tried again', async () => {
  let requests = 0;
  const url = await serve((request, response) => {
    requests++;
    if (requests % 3 === 1) request.socket.destroy();
    else if (requests % 3 === 2) response.writeHead(503).end();
    else sendRange(request, response);
  });
  expect((await values(url)).sum).toBe(expected);
});

test('a body that breaks off is asked for again', async () => {
  let requests = 0;
  const url = await serve((request, response) => {
    if (++requests % 2 === 1) return sendRange(request, response);
    response.writeHead(206, { 'content-range': `bytes 0-9/${bytes.length}`, etag: '"1"', 'content-length': 10 });
    response.write(bytes.subarray(0, 5), () => request.socket.destroy());
  });
  expect((await values(url)).sum).toBe(expected);
});

test('a server that stays down is a connection failure, without the password', async () => {
  const url = await serve((request) => request.socket.destroy());
  const error = await openRootFile(url.replace('//', '//me:secret@')).catch((e: unknown) => e);
  expect(error).toMatchObject({ diagnostic: { condition: 'connection_failure' } });
  expect(String(error)).not.toContain('secret');
});

test('a certificate that is not trusted is an error at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skyhook-https-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-days', '2'];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert],
    ...subject,
  ]);
  const server = createTlsServer({ key: await readFile(key), cert: await readFile(cert) }, sendRange);
  let connections = 0;
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `https://localhost:${(server.address() as AddressInfo).port}/zlib.root`;
    const error = await openRootFile(url).catch((e: unknown) => e);
    expect(error).toMatchObject({
      diagnostic: {
        condition: 'connection_failure',
        message: expect.stringMatching(/self.signed certificate/),
        hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      },
    });
    expect(connections).toBe(1);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
});

test('redirects are followed; the password does not go along to another host', async () => {
  const seen: (string | undefined)[] = [];
  const there = await serve((request, response) => {
    seen.push(request.headers.authorization);
    sendRange(request, response);
  });
  const here = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(302, { location: there }).end();
  });
  expect((await values(here.replace('//', '//me:secret@'))).sum).toBe(expected);
  expect(new Set(seen)).toEqual(new Set([`Basic ${Buffer.from('me:secret').toString('base64')}`, undefined]));
  const round = await serve((_, response) => response.writeHead(302, { location: '/some/zlib.root' }).end());
  await expect(openRootFile(round)).rejects.toMatchObject({ diagnostic: { condition: 'connection_failure' } });
});

test('a server that sends its answers drop by drop is waited for', async () => {
  const url = await serve((request, response) => {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
    const end = Math.min(Number(to) + 1, bytes.length);
    response.writeHead(206, { 'content-range': `bytes ${from}-${end - 1}/${bytes.length}`, etag: '"1"' });
    const body = bytes.subarray(Number(from), end);
    const drop = Math.ceil(body.length / 5);
    const send = (at: number): void => {
      if (at >= body.length) return void response.end();
      response.write(body.subarray(at, at + drop));
      setTimeout(() => send(at + drop), 20);
    };
    send(0);
  });
  expect((await values(url)).sum).toBe(expected);
});

test('a file that changes underneath is an error', async () => {
  const body = bytes;
  let tag = 0;
  const url = await serve((request, response) => {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
    response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${body.length + tag}`, etag: `"${tag++}"` });
    response.end(body.subarray(Number(from), Number(to) + 1));
  });
  await expect(openRootFile(url)).rejects.toMatchObject({ diagnostic: { condition: 'object_in_use' } });
});
