import { expect, test } from 'vitest';
import { parseRadosUrl } from './rados-address.js';

const plain = { conf: undefined, keyring: undefined, timeout: undefined };

test.each([
  ['rados://skyhook', {}, { pool: 'skyhook', namespace: '', id: 'admin', cluster: 'ceph', reads: 'primary', ...plain }],
  ['rados://a%2Fb/n%3Fs?id=client.ana', {}, { pool: 'a/b', namespace: 'n?s', id: 'ana' }],
  [
    'rados://p?conf=/x/c.conf&keyring=/k&timeout=5&reads=balance',
    {},
    { conf: '/x/c.conf', keyring: '/k', timeout: 5, reads: 'balance' },
  ],
  ['rados://p', { CEPH_ARGS: '--id ana -c /y.conf --debug-ms=0' }, { id: 'ana', conf: '/y.conf' }],
  ['rados://p', { CEPH_ARGS: '--name=client.bob --cluster far' }, { id: 'bob', cluster: 'far' }],
  ['rados://p?id=eve', { CEPH_ARGS: '--id ana' }, { id: 'eve' }],
])('%s with %o', (url, environment, parts) => {
  expect(parseRadosUrl(url, environment)).toMatchObject(parts);
});

test.each([
  ['rados:p', /rados:\/\/POOL/],
  ['rados://', /names no pool/],
  ['rados://p?size=3', /unknown parameter "size"/],
  ['rados://p?id=', /no value for the parameter "id"/],
  ['rados://p?timeout=soon', /timeout=soon/],
  ['rados://p?reads=any', /reads=any/],
  ['rados://%zz', /percent-encoded/],
])('%s is refused', (url, message) => {
  expect(() => parseRadosUrl(url, {})).toThrow(
    expect.objectContaining({ code: '22023', message: expect.stringMatching(message) }),
  );
});
