import type { FastifyRequest } from 'fastify';
import { readIdempotency } from './idempotency.ts';
import { keepRawBody } from './read-body.ts';

function request(
  fields: readonly string[],
  { body = '{}', method = 'POST', url = '/a' } = {},
): FastifyRequest {
  const made = {
    raw: { method, rawHeaders: fields.flatMap((field) => ['Idempotency-Key', field]) },
    originalUrl: url,
    body: Buffer.from(body),
  } as unknown as FastifyRequest;
  keepRawBody(made);
  return made;
}

const fingerprint = (changes: Parameters<typeof request>[1]): string | undefined =>
  readIdempotency(request(['"k"'], changes))?.fingerprint.toString('hex');

describe('Idempotency-Key', () => {
  it('is optional', () => {
    expect(readIdempotency(request([]))).toBeNull();
  });

  it.each([
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"a b"', 'a b'],
    [String.raw`"a\"b\\c"`, 'a"b\\c'],
    [`"${'k'.repeat(128)}"`, 'k'.repeat(128)],
  ])('%s is %s', (field, key) => {
    expect(readIdempotency(request([field]))?.key).toBe(key);
  });

  it.each([
    ['no quotes', ['k']],
    ['nothing', ['']],
    ['an empty one', ['""']],
    ['129 characters', [`"${'k'.repeat(129)}"`]],
    ['two headers', ['"k"', '"k"']],
    ['a list', ['"k", "l"']],
    ['parameters', ['"k";a=1']],
    ['an escape that there is not', [String.raw`"a\b"`]],
    ['a character of another script', ['"\u00e4"']],
    ['a token', ['?1']],
  ])('%s is malformed', (_, fields) => {
    expect(() => readIdempotency(request(fields))).toThrow(
      expect.objectContaining({ reason: 'admin.malformed' }),
    );
  });

  it('P-19: stands for one method, path and body', () => {
    const known = fingerprint({});
    expect(fingerprint({})).toBe(known);
    const others = [{ body: '{ }' }, { method: 'PUT' }, { url: '/b' }, { url: '/a?x' }].map(fingerprint);
    expect(new Set([known, ...others]).size).toBe(5);
  });
});
