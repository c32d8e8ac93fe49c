import fc from 'fast-check';
import { expectNoFault, expectRefused, isGranted } from './expect-no-fault.ts';
import { announce, check } from './fuzz-runs.ts';
import { FuzzedBrokers } from './fuzzed-brokers.ts';
import { jsonMutation, mutateJson } from './mutate-json.ts';
import { mutateJwt } from './mutate-jwt.ts';
import { mutateText, textMutation } from './mutate-text.ts';
import { sendBytes, withLength } from './send-bytes.ts';
import {
  readCredential,
  withCredential,
  written,
  type Credential,
  type ValidRequest,
} from './valid-requests.ts';

/** Longer than any honest answer takes. */
const PATIENT_MS = 10_000;

let brokers: FuzzedBrokers;
beforeAll(async () => {
  announce();
  brokers = await FuzzedBrokers.start();
});
afterEach(() => brokers.expectServed());
afterAll(() => brokers?.stop());

const KINDS = [
  'a token for a user',
  'a token for an identity assertion',
  'a token for a workload that acts for a user',
  'a token for a workload',
  'a token on account of a transaction',
  'a transaction token',
  'a caller token',
  'introspection',
  'introspection with a caller token',
] as const;

const kind = fc.constantFrom(...KINDS);
const validRequest = async (of: (typeof KINDS)[number]): Promise<ValidRequest> => {
  const make = brokers.kinds[of];
  if (make === undefined) throw new Error(`nobody asks for ${of}`);
  return make();
};

/** Which of the credentials of a request, from the first to the last. */
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const part = fc.constantFrom<'header' | 'payload'>('header', 'payload');
const credentialAt = ({ credentials }: ValidRequest, at: number): Credential =>
  [...credentials.keys()][Math.floor(at * credentials.size)] ?? 'client_assertion';

/** The scheme before a token is the same in any case (RFC 9110 §11.1). */
const withoutScheme = (credential: string): string => credential.replace(/^Bearer /, '');

it.each(KINDS)('as it is, a request for %s is granted', async (of) => {
  const request = await validRequest(of);
  expect(isGranted(await sendBytes(request.port, written(request), PATIENT_MS))).toBe(true);
});

it('requests with changed bytes: never a fault, and nothing is granted on other credentials', async () => {
  const mutations = fc.array(textMutation, { minLength: 1, maxLength: 3 });
  await check(
    fc.asyncProperty(kind, mutations, async (of, changes) => {
      const request = await validRequest(of);
      const bytes = withLength(changes.reduce(mutateText, written(request)));
      const heard = await sendBytes(request.port, bytes);
      expectNoFault(heard);
      if (!isGranted(heard)) return;
      for (const name of request.credentials.keys()) {
        expect(bytes).toContain(withoutScheme(readCredential(request, name)));
      }
    }),
  );
});

it('requests with changed header fields: never a fault, and nothing is granted on another proof', async () => {
  const FIELD = 4;
  const field = fc.integer({ min: 0, max: FIELD });
  const changes = fc.array(textMutation, { minLength: 1, maxLength: 2 });
  await check(
    fc.asyncProperty(kind, field, changes, async (of, line, mutations) => {
      const request = await validRequest(of);
      const [head = '', body = ''] = written(request).split('\r\n\r\n');
      const lines = head.split('\r\n');
      lines.splice(line, 1, mutations.reduce(mutateText, lines[line] ?? ''));
      const heard = await sendBytes(request.port, `${lines.join('\r\n')}\r\n\r\n${body}`);
      expectNoFault(heard);
      if (!isGranted(heard)) return;
      for (const value of Object.values(request.fields)) {
        expect(lines.join()).toContain(withoutScheme(value));
      }
    }),
  );
});

it('credentials with changed text: never a fault, never granted', async () => {
  await check(
    fc.asyncProperty(kind, place, textMutation, async (of, at, change) => {
      const request = await validRequest(of);
      const name = credentialAt(request, at);
      const original = readCredential(request, name);
      const changed = mutateText(original, change);
      fc.pre(!isSame(name, original, changed));
      expectRefused(await sendBytes(request.port, written(withCredential(request, name, changed))));
    }),
  );
});

/** Blanks around the value of a header field are not part of it (RFC 9110 §5.5), nor is the case of a scheme (§11.1). */
function isSame(name: Credential, original: string, changed: string): boolean {
  if (name === 'DPoP') return changed.trim() === original;
  const insensitive = (value: string): string =>
    value.trim().replace(/^bearer +/i, (scheme) => scheme.toLowerCase().trim());
  return name === 'Authorization' ? insensitive(changed) === insensitive(original) : changed === original;
}

it('JWTs with changed members: never a fault, and never granted under the old signature', async () => {
  const changes = fc.record({ part, json: jsonMutation, isSigned: fc.boolean() });
  await check(
    fc.asyncProperty(kind, place, changes, async (of, at, change) => {
      const request = await validRequest(of);
      const name = credentialAt(request, at);
      const original = readCredential(request, name);
      const key = request.credentials.get(name) ?? null;
      // Of what only the broker makes, some is no JWT.
      fc.pre(key !== null || original.startsWith('ey'));
      const isSigned = change.isSigned && key !== null;
      const changed = mutateJwt(original, change, isSigned ? key : null);
      const heard = await sendBytes(request.port, written(withCredential(request, name, changed)));
      // Who signs anew may say what is true, or what nobody asks for.
      if (isSigned) expectNoFault(heard);
      else if (changed !== original) expectRefused(heard);
    }),
  );
});

it('JSON parameters with changed members: never a fault, and what is granted is one canonical operation', async () => {
  const changes = fc.array(jsonMutation, { minLength: 1, maxLength: 1 });
  await check(
    fc.asyncProperty(kind, place, changes, async (of, at, mutations) => {
      const request = await validRequest(of);
      const names = Object.keys(request.parameters).filter((name) => JSON_PARAMETERS.has(name));
      const name = names[Math.floor(at * names.length)];
      fc.pre(name !== undefined);
      const changed = mutations.reduce(mutateJson, request.parameters[name] ?? '{}');
      const parameters = { ...request.parameters, [name]: changed };
      const heard = await sendBytes(request.port, written({ ...request, parameters }));
      expectNoFault(heard);
      if (!isGranted(heard) || of === 'a transaction token') return;
      const body = JSON.parse(heard.text.slice(heard.text.indexOf('\r\n\r\n'))) as Record<string, unknown>;
      expect(body['authorization_details']).toEqual([
        expect.objectContaining({
          type: 'http_operation',
          locations: [request.parameters['resource']],
          actions: [expect.stringMatching(/^(?:GET|POST)$/)],
          target_uri: expect.stringMatching(/^https:\/\/(?:api|other)\.example\//) as unknown,
        }),
      ]);
    }),
  );
});

const JSON_PARAMETERS: ReadonlySet<string> = new Set([
  'authorization_details',
  'request_context',
  'request_details',
]);
