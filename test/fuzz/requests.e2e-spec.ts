import fc from 'fast-check';
import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { jsonMutation, mutateJson } from './mutate-json.ts';
import { mutateJwt } from './mutate-jwt.ts';
import { mutateText, textMutation } from './mutate-text.ts';
import { sendBytes, withLength, type HeardBytes } from './send-bytes.ts';
import {
  credentialsOf,
  keyOf,
  readCredential,
  validExchange,
  validIntrospection,
  withCredential,
  written,
  type Credential,
  type ValidRequest,
} from './valid-requests.ts';

/** `npm run fuzz` asks for more. A seed that was printed makes the same run again. */
const RUNS = Number(process.env['ONCEKEY_FUZZ_RUNS'] ?? 2_000);
const SEED = Number(process.env['ONCEKEY_FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const LEVELS = 5;
const RUNS_PER_LEVEL = Math.ceil(RUNS / LEVELS);
const TIMEOUT_MS = 60_000 + RUNS_PER_LEVEL * 200;
/** Longer than any honest answer takes. */
const PATIENT_MS = 10_000;
/** Half of the life of a nonce. */
const NONCE_MS = 30_000;

let deployment: Deployment;
let caller: Caller;
let port: number;
let nonceAt = 0;

beforeAll(async () => {
  process.stderr.write(`fuzz: seed ${SEED}, ${RUNS} runs\n`);
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
  port = Number(new URL(caller.url).port);
}, 60_000);
beforeEach(() => void (nonceAt = 0));
afterEach(async () => {
  expect(deployment.brokers[0]?.node.isRunning).toBe(true);
  await caller.learnNonce({ again: true });
  await expectServed(caller);
});
afterAll(() => deployment.stop());

/** A request that is good now. Every introspection has a token of its own: mismatches would kill a shared one. */
async function validRequest(path: ValidRequest['path']): Promise<ValidRequest> {
  if (performance.now() - nonceAt > NONCE_MS || nonceAt === 0) {
    await caller.learnNonce({ again: true });
    nonceAt = performance.now();
  }
  return path === '/token' ? validExchange(caller) : validIntrospection(caller, await caller.token());
}

const isGranted = ({ status, text }: HeardBytes): boolean =>
  status === 200 && (text.includes('"access_token"') || text.includes('"active":true'));

/** No input is a fault of ours, and no fault tells anything. */
function expectNoFault({ status, text }: HeardBytes): void {
  if (status !== null && status >= 500) throw new Error(`answered ${status}: ${text.slice(-300)}`);
  expect(text).not.toMatch(/\bat [\w.<>]+ \(|SELECT |node_modules/);
}

function expectRefused(heard: HeardBytes): void {
  expectNoFault(heard);
  if (isGranted(heard)) throw new Error(`granted: ${heard.text.slice(-300)}`);
}

const path = fc.constantFrom<ValidRequest['path']>('/token', '/introspect');
/** Which of the credentials: there are three in each request. */
const which = fc.integer({ min: 0, max: 2 });
const part = fc.constantFrom<'header' | 'payload'>('header', 'payload');
const credentialAt = (request: ValidRequest, at: number): Credential =>
  credentialsOf(request)[at] ?? 'client_assertion';

const check = <Values extends [unknown, ...unknown[]]>(property: fc.IAsyncProperty<Values>): Promise<void> =>
  fc.assert(property, { seed: SEED, numRuns: RUNS_PER_LEVEL });

it('requests as they are: granted', async () => {
  for (const at of ['/token', '/introspect'] as const) {
    expect(isGranted(await sendBytes(port, written(await validRequest(at)), PATIENT_MS))).toBe(true);
  }
});

it(
  'requests with changed bytes: never a fault, and nothing is granted on other credentials',
  async () => {
    const mutations = fc.array(textMutation, { minLength: 1, maxLength: 3 });
    await check(
      fc.asyncProperty(path, mutations, async (at, changes) => {
        const request = await validRequest(at);
        const bytes = withLength(changes.reduce(mutateText, written(request)));
        const heard = await sendBytes(port, bytes);
        expectNoFault(heard);
        if (!isGranted(heard)) return;
        for (const name of credentialsOf(request)) expect(bytes).toContain(readCredential(request, name));
      }),
    );
  },
  TIMEOUT_MS,
);

it(
  'requests with changed header fields: never a fault, and nothing is granted on another proof',
  async () => {
    const FIELD = 4;
    const field = fc.integer({ min: 0, max: FIELD });
    await check(
      fc.asyncProperty(
        path,
        field,
        fc.array(textMutation, { minLength: 1, maxLength: 2 }),
        async (at, line, changes) => {
          const request = await validRequest(at);
          const [head = '', body = ''] = written(request).split('\r\n\r\n');
          const lines = head.split('\r\n');
          lines.splice(line, 1, changes.reduce(mutateText, lines[line] ?? ''));
          const heard = await sendBytes(port, `${lines.join('\r\n')}\r\n\r\n${body}`);
          expectNoFault(heard);
          if (isGranted(heard) && request.proof !== null) expect(lines.join()).toContain(request.proof);
        },
      ),
    );
  },
  TIMEOUT_MS,
);

it(
  'credentials with changed text: never a fault, never granted',
  async () => {
    await check(
      fc.asyncProperty(path, which, textMutation, async (at, chosen, change) => {
        const request = await validRequest(at);
        const name = credentialAt(request, chosen);
        const original = readCredential(request, name);
        const changed = mutateText(original, change);
        // Blanks around the value of a header field are not part of it (RFC 9110 §5.5).
        fc.pre(name === 'DPoP' ? changed.trim() !== original : changed !== original);
        expectRefused(await sendBytes(port, written(withCredential(request, name, changed))));
      }),
    );
  },
  TIMEOUT_MS,
);

it(
  'JWTs with changed members: never a fault, and never granted under the old signature',
  async () => {
    await check(
      fc.asyncProperty(
        path,
        which,
        fc.record({ part, json: jsonMutation, isSigned: fc.boolean() }),
        async (at, chosen, change) => {
          const request = await validRequest(at);
          const name = credentialAt(request, chosen);
          const key = keyOf(caller, request, name);
          fc.pre(key !== null);
          const original = readCredential(request, name);
          const changed = mutateJwt(original, change, change.isSigned ? key : null);
          const heard = await sendBytes(port, written(withCredential(request, name, changed)));
          // Who signs anew may say what is true, or what nobody asks for.
          if (change.isSigned) expectNoFault(heard);
          else if (changed !== original) expectRefused(heard);
        },
      ),
    );
  },
  TIMEOUT_MS,
);

it(
  'JSON parameters with changed members: never a fault, and what is granted is one canonical operation',
  async () => {
    const parameter = fc.constantFrom('authorization_details', 'request_context');
    await check(
      fc.asyncProperty(
        parameter,
        fc.array(jsonMutation, { minLength: 1, maxLength: 1 }),
        async (name, changes) => {
          const request = await validRequest('/token');
          const changed = changes.reduce(mutateJson, request.parameters[name] ?? '{}');
          const heard = await sendBytes(
            port,
            written({ ...request, parameters: { ...request.parameters, [name]: changed } }),
          );
          expectNoFault(heard);
          if (!isGranted(heard)) return;
          const body = JSON.parse(heard.text.slice(heard.text.indexOf('\r\n\r\n'))) as Record<
            string,
            unknown
          >;
          expect(body['authorization_details']).toEqual([
            expect.objectContaining({
              type: 'http_operation',
              locations: ['https://api.example/v1'],
              actions: ['POST'],
              target_uri: expect.stringMatching(/^https:\/\/api\.example\/v1\//) as unknown,
            }),
          ]);
        },
      ),
    );
  },
  TIMEOUT_MS,
);
