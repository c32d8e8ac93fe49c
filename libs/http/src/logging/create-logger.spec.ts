import { Logger as NestLog } from '@nestjs/common';
import { createLogger } from './create-logger.ts';
import { NestLogger } from './nest-logger.ts';

const PASSWORD = 'pass"word\\of-the-db';
const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';
const TOKEN = 'once_eyJhbGciOiJkaXIifQ..aXY.c2VhbGVk.dGFn';

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(
    createLogger(
      { name: 'test', level: 'trace', secrets: [PASSWORD, 'abc'] },
      { write: (line) => void lines.push(line) },
    ),
  );
  return lines.join('');
}

describe('L-01: secrets', () => {
  it.each([
    'authorization',
    'Authorization',
    'DPoP',
    'client_assertion',
    'subject_token',
    'token',
    'access_token',
    'dpop_proof',
    'client_secret',
    'any_secret',
    'password',
    'kek',
    'cookie',
    'privateKey',
  ])('a member %s is not shown, at any depth', (name) => {
    const text = logged((log) => {
      log.info({ [name]: 'canary-value' }, 'flat');
      log.warn({ a: { b: [{ [name]: 'canary-value' }] } }, 'deep');
    });
    expect(text).not.toContain('canary-value');
    expect(text.match(/\[redacted\]/g)).toHaveLength(2);
  });

  it.each([
    ['a JWT', JWT],
    ['a JWT without a signature', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.'],
    ['a token', TOKEN],
    ['a Basic header', 'Basic YWRhOmxvdmVsYWNlLWxvdmVsYWNl'],
    ['a form', 'client_assertion=canary&subject_token=canary'],
    ['a query', '/introspect?token=canary'],
    ['a connection URL', 'postgres://ada:canary@db/oncekey'],
    ['a private JWK', '{"kty":"EC","d":"canary-private"}'],
    ['a PEM', '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----'],
    ['the password', `connect to ${PASSWORD} failed`],
  ])('%s does not get out in a message, a member or an error', (_, secret) => {
    const text = logged((log) => {
      log.info(`said ${secret}`);
      log.info({ remark: secret }, 'remark');
      log.error({ err: new Error(secret, { cause: new Error(secret) }) }, 'error');
      log.error(new Error(secret));
    });
    expect(text).not.toContain('canary');
    expect(text).not.toContain('lovelace');
    expect(text).not.toContain('c2lnbmF0dXJl');
    expect(text).not.toContain('eyJzdWIiOiJhZGEifQ');
    expect(text).not.toContain('c2VhbGVk');
    expect(text).not.toContain('YWRhOmxvdm');
    expect(text).not.toContain('of-the-db');
    expect(text).toContain('[redacted]');
  });

  it('L-05: nothing of an error but its name, message, code, stack and causes', () => {
    const error = Object.assign(new Error('no'), {
      code: '23505',
      parameters: ['canary'],
      query: 'canary',
      detail: 'canary',
    });
    const text = logged((log) => log.error({ err: error }, 'failed'));
    expect(text).not.toContain('canary');
    expect(JSON.parse(text)).toMatchObject({ err: { type: 'Error', message: 'no', code: '23505' } });
  });
});

describe('L-03: one event, one line', () => {
  it.each([
    ['a line feed', 'a\n{"level":"fatal"}'],
    ['a carriage return', 'a\rb'],
    ['ANSI', '\u001b[31mred\u001b[0m'],
    ['C1 control characters', '\u009b31m'],
    ['line separators', 'a\u2028b\u2029c'],
    ['text that runs backwards', 'a\u202eb'],
    ['JSON that wants out', '","level":"fatal","x":"'],
    ['a lone surrogate', '\ud800'],
  ])('%s', (_, text) => {
    const line = logged((log) => log.info({ text }, text));
    expect(line.endsWith('\n')).toBe(true);
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
    expect(JSON.parse(line)).toMatchObject({ level: 'info', name: 'test' });
  });

  it('cuts what is long, deep or wide', () => {
    const deep: Record<string, unknown> = {};
    deep['deep'] = deep;
    const line = logged((log) =>
      log.info(
        { long: 'a'.repeat(1_000_000), deep, wide: Array(10_000).fill('x'), bytes: Buffer.alloc(9) },
        'big',
      ),
    );
    expect(line.length).toBeLessThan(8_000);
    expect(JSON.parse(line)).toMatchObject({ bytes: '[bytes]' });
  });
});

test("Nest's own lines come out in our form", () => {
  const text = logged((log) => {
    const nest = new NestLogger(log);
    nest.error('failed', 'Error: failed\n    at here', 'Context');
    nest.warn(new Error('as an error'), 'Context');
    nest.log('started', NestLog.name);
  });
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toMatchObject([
    { level: 'error', msg: 'failed', context: 'Context', stack: 'Error: failed\n    at here' },
    { level: 'warn', err: { message: 'as an error' } },
    { level: 'debug', msg: 'started' },
  ]);
});
