import { readRedisAddress, type RedisAddress } from './redis-address.ts';

const PLAIN: RedisAddress = {
  nodes: [{ host: 'cache', port: 6_379 }],
  isCluster: false,
  usesTls: false,
  username: null,
  password: null,
  database: 0,
};

it.each<[string, string, Partial<RedisAddress>]>([
  ['a host alone', 'redis://cache', {}],
  ['a host and a slash', 'redis://cache/', {}],
  ['a port', 'redis://cache:7000', { nodes: [{ host: 'cache', port: 7_000 }] }],
  ['a database', 'redis://cache/3', { database: 3 }],
  ['TLS', 'rediss://cache', { usesTls: true }],
  ['a password', 'redis://:s3cret@cache', { password: 's3cret' }],
  [
    'a user and a password with every kind of character',
    'redis://on%40ce:a%2Fb%3Ac%20d@cache',
    { username: 'on@ce', password: 'a/b:c d' },
  ],
  ['IPv6', 'redis://[::1]:7000', { nodes: [{ host: '::1', port: 7_000 }] }],
  [
    'a cluster',
    'redis+cluster://a:7000,b,10.0.0.3:7002',
    {
      isCluster: true,
      nodes: [
        { host: 'a', port: 7_000 },
        { host: 'b', port: 6_379 },
        { host: '10.0.0.3', port: 7_002 },
      ],
    },
  ],
  ['a cluster with TLS', 'rediss+cluster://cache', { isCluster: true, usesTls: true }],
])('reads %s', (_, text, expected) => {
  expect(readRedisAddress(text)).toEqual({ ...PLAIN, ...expected });
});

it.each([
  ['another scheme', 'http://cache'],
  ['no host', 'redis://'],
  ['several nodes that are no cluster', 'redis://a,b'],
  ['a database of a cluster', 'redis+cluster://a/0'],
  ['a port out of range', 'redis://cache:70000'],
  ['port 0', 'redis://cache:0'],
  ['an empty node', 'redis+cluster://a,,b'],
  ['a query', 'redis://cache?tls=true'],
  ['a path that is no number', 'redis://cache/main'],
  ['a user without a password', 'redis://once@cache'],
  ['a password that is not encoded', 'redis://:a%b@cache'],
  ['two users', 'redis://a:b@c:d@cache'],
  ['more nodes than any cluster is found by', `redis+cluster://${Array(65).fill('a').join(',')}`],
  ['something endless', `redis://${'a'.repeat(5_000)}`],
])('refuses %s, without repeating a secret', (_, text) => {
  expect(() => readRedisAddress(text)).toThrow(RangeError);
  expect(() => readRedisAddress(text)).not.toThrow(/once@|a%b/);
});
