import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { useBroker } from '../support/deployment/conforming-broker.ts';
import { eventually } from '../support/eventually.ts';

/** OpenID Connect Core §10.1.1, rotation of signing keys: the days between are skipped by making the keys older. */
const broker = useBroker();
const WITHIN_MS = 60_000;

async function published(): Promise<JSONWebKeySet> {
  const response = await fetch(`${broker.deployment.issuer}/jwks`);
  return (await response.json()) as JSONWebKeySet;
}

const kids = async (): Promise<string[]> => (await published()).keys.map(({ kid }) => String(kid)).toSorted();

const arePublished = (wanted: readonly string[]): Promise<number> =>
  eventually(async () => (await kids()).join() === wanted.toSorted().join(), WITHIN_MS);

/** Something signed that others keep and verify: an answer of introspection (RFC 9701). */
async function signed(): Promise<string> {
  const accept = 'application/token-introspection+jwt';
  return (await broker.caller.introspectText(await broker.caller.token(), {}, { accept })).text;
}

const kidOf = (jwt: string): string => String(decodeProtectedHeader(jwt).kid);

/** Lets a signing key be in use since so many minutes; a negative number is a time to come. */
const beInUseSince = (kid: string, minutes: number): Promise<unknown> =>
  broker.records.rows(
    "UPDATE key_ring SET active_from = now() - make_interval(mins => $2) WHERE kid = $1 AND use = 'sign'",
    [kid, Math.round(minutes)],
  );

it('check 9, OpenID Connect Core §10.1.1: a new key is published before it signs, and the old one while what it signed lives', async () => {
  const byOld = await signed();
  const old = kidOf(byOld);
  expect(await kids()).toEqual([old]);

  await beInUseSince(old, 23.5 * 60);
  await eventually(async () => (await kids()).length === 2, WITHIN_MS);
  const [next = ''] = (await kids()).filter((kid) => kid !== old);
  expect(kidOf(await signed())).toBe(old);

  await beInUseSince(next, 0);
  await eventually(async () => kidOf(await signed()) === next, WITHIN_MS);
  await arePublished([old, next]);
  const keys = createLocalJWKSet(await published());
  for (const jwt of [byOld, await signed()]) {
    const { payload } = await jwtVerify(jwt, keys, { issuer: broker.deployment.issuer });
    expect(payload['token_introspection']).toMatchObject({ active: true });
  }

  await beInUseSince(next, 61);
  await arePublished([next]);
  await expect(jwtVerify(byOld, createLocalJWKSet(await published()))).rejects.toThrow('no applicable key');
  await expect(jwtVerify(await signed(), createLocalJWKSet(await published()))).resolves.toBeDefined();
}, 240_000);
