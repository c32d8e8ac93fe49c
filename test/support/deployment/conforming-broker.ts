import { freshDatabase } from '../fresh-database.ts';
import { Caller, type Answer } from './caller.ts';
import { deploy, type Deployment, type DeploymentOptions } from './deployment.ts';
import { expectServed } from './expect-served.ts';
import { Records } from './records.ts';

/** What a file of the conformance suite works with; members are there from `beforeAll` on. */
export interface ConformingBroker {
  readonly deployment: Deployment;
  readonly caller: Caller;
  readonly records: Records;
}

type BrokerOptions = Omit<DeploymentOptions, 'databaseUrl'>;

/** A real broker over HTTP for all tests of a file; each test ends with an honest caller that is served. */
export function useBroker(options: BrokerOptions | (() => Promise<BrokerOptions>) = {}): ConformingBroker {
  let running: ConformingBroker | null = null;
  const there = (): ConformingBroker => {
    if (running === null) throw new Error('the broker runs only inside tests');
    return running;
  };
  beforeAll(async () => {
    const { url } = await freshDatabase();
    const settled = typeof options === 'function' ? await options() : options;
    const deployment = await deploy({ databaseUrl: url, ...settled });
    running = { deployment, caller: new Caller(deployment), records: await Records.open(url) };
    await running.caller.learnNonce();
  }, 60_000);
  afterEach(() => expectServed(there().caller));
  afterAll(async () => {
    await running?.records.close();
    await running?.deployment.stop();
  });
  return {
    get deployment() {
      return there().deployment;
    },
    get caller() {
      return there().caller;
    },
    get records() {
      return there().records;
    },
  };
}

/** `400 invalid_request`: status and error code, as JSON that nobody may keep. */
export function expectError({ status, headers, body }: Answer, expected: string): void {
  expect(`${status} ${String(body['error'])}`).toBe(expected);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(body).not.toHaveProperty('access_token');
}
