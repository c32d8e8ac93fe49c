import type { FastifyRequest } from 'fastify';
import { readBody } from './read-body.ts';

interface Sent {
  readonly method?: string;
  readonly headers?: readonly string[];
}

const JSON_TYPE = ['Content-Type', 'application/json'];

function read(body: string | Buffer, { method = 'POST', headers = JSON_TYPE }: Sent = {}): unknown {
  const request = { method, raw: { rawHeaders: headers } } as unknown as FastifyRequest;
  return readBody(request, Buffer.from(body));
}

const reason = (expected: string) => expect.objectContaining({ reason: expected });

describe(readBody.name, () => {
  it('reads one object', () => {
    expect(read('{"a":[1,{"b":null}]}')).toEqual({ a: [1, { b: null }] });
    expect(read('{}', { headers: ['content-type', 'Application/JSON; charset=UTF-8'] })).toEqual({});
    expect(read('', { method: 'DELETE', headers: [] })).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['P-03: a list', '[]'],
    ['P-03: null', 'null'],
    ['P-03: a number', '1'],
    ['P-03: a text', '"a"'],
    ['no JSON', '{a:1}'],
    ['two objects', '{}{}'],
    ['a repeated member', '{"a":1,"a":2}'],
    ['a repeated member below', '{"a":{"b":1,"b":2}}'],
    ['a byte order mark', '\ufeff{}'],
    ['half a character', '{"a":"\\ud800"}'],
    ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['P-07: 33 levels', `${'{"a":'.repeat(32)}{}${'}'.repeat(32)}`],
    ['P-07: 100 000 levels', `{"a":${'['.repeat(100_000)}`],
  ])('%s is malformed', (_, body) => {
    expect(() => read(body)).toThrow(reason('admin.malformed'));
    expect(read('{"a":1}')).toEqual({ a: 1 });
  });

  it.each([
    ['P-06: 1e400', '{"a":1e400}', '#/a'],
    ['P-06: a negative zero', '{"a":[0,-0]}', '#/a/1'],
    ['P-06: 2^53+1', '{"a":{"b/c":9007199254740993}}', '#/a/b~1c'],
    ['P-01: __proto__', '{"__proto__":{"admin":true}}', '#/__proto__'],
    ['P-01: constructor below', '{"a":{"constructor":1}}', '#/a/constructor'],
    ['P-01: prototype in a list', '{"a":[{"prototype":1}]}', '#/a/0/prototype'],
  ])('%s is invalid', (_, body, pointer) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ reason: 'admin.invalid', errors: [expect.objectContaining({ pointer })] }),
    );
  });

  it.each([
    ['none', []],
    ['a form', ['Content-Type', 'application/x-www-form-urlencoded']],
    ['P-18: a JSON patch', ['Content-Type', 'application/json-patch+json']],
    ['P-18: a merge patch', ['Content-Type', 'application/merge-patch+json']],
    ['H-02: a tab', ['Content-Type', 'application/json\ta']],
    ['two of them', ['Content-Type', 'application/json', 'Content-Type', 'application/json']],
    ['a list', ['Content-Type', 'application/json, application/json']],
    ['another charset', ['Content-Type', 'application/json; charset=utf-16']],
    ['compressed', [...JSON_TYPE, 'Content-Encoding', 'gzip']],
  ])('a content type like %s is the wrong one', (_, headers) => {
    expect(() => read('{}', { headers })).toThrow(reason('admin.wrong_media_type'));
  });

  it.each(['GET', 'DELETE'])('%s takes no body', (method) => {
    expect(() => read('{}', { method })).toThrow(reason('admin.malformed'));
  });
});
