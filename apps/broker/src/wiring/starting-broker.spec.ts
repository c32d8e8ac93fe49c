import { OAuthError } from '#core';
import { KeyDoesNotOpen } from '#crypto';
import { ConfigurationError, createLogger } from '#http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { StartingBroker } from './starting-broker.ts';

const log = createLogger({ name: 'test', level: 'silent', secrets: [] }, { write: () => undefined });
const engine = { exchange: async () => 'issued', stop: async () => undefined } as unknown as Engine;

function starting(attempts: (Engine | Error)[]) {
  const hopeless: unknown[] = [];
  const broker = new StartingBroker({
    start: async () => {
      const next = attempts.shift();
      if (next === undefined || next instanceof Error) throw next ?? new Error('no more');
      return next;
    },
    onHopeless: (error) => hopeless.push(error),
    log,
  });
  broker.onApplicationBootstrap();
  return { broker, hopeless };
}

const REQUEST = {} as never;

it('F-18: says 503 until the database is there, and then goes on by itself', async () => {
  const { broker } = starting([new Error('connect ECONNREFUSED'), engine]);
  await expect(broker.exchange(REQUEST)).rejects.toMatchObject({ reason: 'broker.unavailable' });
  await expect(broker.introspect(REQUEST)).rejects.toMatchObject({ reason: 'broker.unavailable' });
  expect(() => broker.publishedKeys()).toThrow('broker.unavailable');
  expect(await broker.record('token.exchange', new OAuthError('request.malformed'))).toMatchObject({
    reason: 'broker.unavailable',
  });
  expect(broker.readiness()).toMatchObject({ ready: false, checks: { database: 'unreachable' } });

  const deadline = Date.now() + 5_000;
  let answer: unknown = null;
  while (answer === null && Date.now() < deadline) {
    answer = await broker.exchange(REQUEST).catch(() => null);
    await sleep(20);
  }
  expect(answer).toBe('issued');
  await broker.onApplicationShutdown();
});

it.each([new ConfigurationError(['no']), new KeyDoesNotOpen('kid')])(
  'gives up where no waiting helps: $name',
  async (error) => {
    const { broker, hopeless } = starting([error, engine]);
    await broker.onApplicationShutdown();
    expect(hopeless).toEqual([error]);
  },
);

it('is not ready once it is stopping', async () => {
  const { broker } = starting([new Error('away')]);
  broker.onModuleDestroy();
  expect(broker.readiness()).toMatchObject({ ready: false, checks: { process: 'stopping' } });
  await broker.onApplicationShutdown();
});
