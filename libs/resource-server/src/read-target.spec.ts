import { readResource } from './canonical-uri.ts';
import { readTarget } from './read-target.ts';

type Case = {
  name: string;
  rawUrl?: string;
  headers?: string[];
  resource?: string;
  trustProxy?: boolean;
  expect: string;
};

const HOST = ['Host', 'api.example'];

describe('readTarget', () => {
  it.each<Case>([
    {
      name: 'puts the registered origin before what came',
      rawUrl: '/a?b=c',
      expect: 'https://api.example/a?b=c',
    },
    {
      name: 'I-28 leaves dots, doubles and escapes for the broker to judge',
      rawUrl: '//a/../%2e%2E/b;c?',
      expect: 'https://api.example//a/../%2e%2E/b;c?',
    },
    { name: 'takes Host in any case', headers: ['HOST', 'API.Example'], expect: 'https://api.example/' },
    {
      name: 'I-24 takes Host with the default port',
      headers: ['Host', 'api.example:443'],
      expect: 'https://api.example/',
    },
    {
      name: 'takes another port where it is registered',
      resource: 'http://127.0.0.1:3000',
      headers: ['Host', '127.0.0.1:3000'],
      expect: 'http://127.0.0.1:3000/',
    },
    {
      name: 'takes IPv6',
      resource: 'http://[::1]:3000',
      headers: ['Host', '[::1]:3000'],
      expect: 'http://[::1]:3000/',
    },
    { name: 'takes HTTP/2', headers: [':authority', 'api.example'], expect: 'https://api.example/' },
    { name: 'I-37 refuses two Host headers', headers: [...HOST, ...HOST], expect: 'bad_host' },
    {
      name: 'I-37 refuses :authority and Host together',
      headers: [':authority', 'api.example', ...HOST],
      expect: 'bad_host',
    },
    { name: 'I-37 refuses no Host', headers: [], expect: 'bad_host' },
    { name: 'I-37 refuses Host with a path', headers: ['Host', 'api.example/admin?'], expect: 'bad_host' },
    { name: 'I-33 refuses Host with userinfo', headers: ['Host', 'u@api.example'], expect: 'bad_host' },
    { name: 'refuses an empty Host', headers: ['Host', ''], expect: 'bad_host' },
    { name: 'refuses another host', headers: ['Host', 'other.example'], expect: 'other_host' },
    { name: 'refuses another port', headers: ['Host', 'api.example:8443'], expect: 'other_host' },
    {
      name: 'I-36 takes an absolute target that agrees with Host',
      rawUrl: 'HTTPS://api.example:443/a?b',
      expect: 'https://api.example/a?b',
    },
    { name: 'I-36 refuses one with another host', rawUrl: 'https://other.example/a', expect: 'bad_target' },
    { name: 'I-36 refuses one with another scheme', rawUrl: 'http://api.example/a', expect: 'bad_target' },
    { name: 'I-36 refuses one with userinfo', rawUrl: 'https://u@api.example/a', expect: 'bad_target' },
    {
      name: 'gives an absolute target without a path one',
      rawUrl: 'https://api.example?b',
      expect: 'https://api.example/?b',
    },
    { name: 'refuses the asterisk form', rawUrl: '*', expect: 'bad_target' },
    { name: 'refuses the authority form', rawUrl: 'api.example:443', expect: 'bad_target' },
    {
      name: 'H-12 does not listen to a proxy that is not there',
      headers: ['Host', 'inner', 'X-Forwarded-Host', 'api.example'],
      expect: 'other_host',
    },
    {
      name: 'H-12 is not led astray by one either',
      headers: [...HOST, 'X-Forwarded-Host', 'other.example'],
      expect: 'https://api.example/',
    },
    {
      name: 'listens to a proxy that is trusted',
      headers: ['Host', 'inner:8080', 'X-Forwarded-Host', 'api.example', 'X-Forwarded-Proto', 'https'],
      trustProxy: true,
      expect: 'https://api.example/',
    },
    {
      name: 'takes Host from a proxy that passes it on',
      headers: HOST,
      trustProxy: true,
      expect: 'https://api.example/',
    },
    {
      name: 'refuses another host behind a proxy',
      headers: ['Host', 'inner', 'X-Forwarded-Host', 'other.example'],
      trustProxy: true,
      expect: 'other_host',
    },
    {
      name: 'I-22 refuses another scheme behind a proxy',
      headers: [...HOST, 'X-Forwarded-Proto', 'http'],
      trustProxy: true,
      expect: 'other_host',
    },
    {
      name: 'refuses two forwarded hosts',
      headers: [...HOST, 'X-Forwarded-Host', 'api.example', 'X-Forwarded-Host', 'api.example'],
      trustProxy: true,
      expect: 'other_host',
    },
    {
      name: 'refuses a list of forwarded hosts',
      headers: [...HOST, 'X-Forwarded-Host', 'api.example, api.example'],
      trustProxy: true,
      expect: 'other_host',
    },
    {
      name: 'H-12 knows no Forwarded header',
      headers: ['Host', 'inner', 'Forwarded', 'host=api.example'],
      trustProxy: true,
      expect: 'other_host',
    },
  ])(
    '$name',
    ({
      rawUrl = '/',
      headers = HOST,
      resource = 'https://api.example',
      trustProxy = false,
      expect: expected,
    }) => {
      const read = readTarget({ rawUrl, rawHeaders: headers }, readResource(resource), { trustProxy });
      expect(typeof read === 'string' ? read : read.uri).toBe(expected);
    },
  );
});

describe('readResource', () => {
  it.each([
    { identifier: 'https://API.example:443', href: 'https://api.example/' },
    { identifier: 'https://api.example/v1', href: 'https://api.example/v1' },
    { identifier: 'https://api.example/%7ea', href: 'https://api.example/~a' },
    { identifier: 'http://localhost:3000/', href: 'http://localhost:3000/' },
  ])('spells $identifier as $href', ({ identifier, href }) => {
    expect(readResource(identifier).href).toBe(href);
  });

  it.each([
    'api.example',
    'http://api.example',
    'https://u@api.example',
    'https://api.example/?a',
    'https://api.example/#',
  ])('does not take %s', (identifier) => {
    expect(() => readResource(identifier)).toThrow(TypeError);
  });
});
