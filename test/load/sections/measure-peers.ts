import { randomBytes, randomUUID } from 'node:crypto';
import { JWT_BEARER } from '../../support/deployment/caller.ts';
import { freePort } from '../../support/deployment/free-port.ts';
import { makeSigningKey, signJwt } from '../../support/deployment/signing-key.ts';
import type { Bench } from '../bench.ts';
import { byAssertion } from '../caller-authentication.ts';
import { bySecret, measureEndpoints, readPeerFile, type ClientProof } from '../peers/endpoint-peer.ts';
import { KEY_CLIENT, SECRET_CLIENT, type OidcProviderSettings } from '../peers/oidc-provider-settings.ts';
import { measurePeer, type PeerAct } from '../peers/peer.ts';
import { forSelfApi, prepareExchanges, prepareIntrospections } from '../prepare.ts';
import type { PeerResult, Peers } from '../report/performance.ts';
import { ACTIVE, TOKEN, withWorld, type World } from '../world.ts';

/** Oncekey beside `oidc-provider`, and beside the servers of others that are described in files. */
export async function measurePeers(bench: Bench): Promise<Peers> {
  const results: PeerResult[] = [];
  const measure = async (act: PeerAct): Promise<void> => void results.push(await measurePeer(bench, act));
  await withWorld(bench, {}, async (world) => {
    for (const act of actsOfOncekey(world)) await measure(act);
    await bench.onDatabase(async (url) => {
      await measureOidcProvider(world, { databaseUrl: null, proves: 'secret' }, measure);
      await measureOidcProvider(world, { databaseUrl: url, proves: 'secret' }, measure);
      await measureOidcProvider(world, { databaseUrl: url, proves: 'key' }, measure);
    });
  });
  for (const file of bench.options.peers) {
    const peer = readPeerFile(file);
    const endpoints = {
      name: peer.name,
      token: new URL(peer.token_endpoint),
      introspection: new URL(peer.introspection_endpoint),
      parameters: peer.parameters,
      proves: 'secret',
      writes: peer.writes ?? 'not known',
      processes: null,
      issuing: bySecret(peer.client),
      introspecting: bySecret(peer.introspecting_client ?? peer.client),
    };
    await measureEndpoints(endpoints, measure);
  }
  return { at: new Date().toISOString(), seed: bench.options.seed, results };
}

function actsOfOncekey(world: World): readonly PeerAct[] {
  const { caller, deployment, broker, bench } = world;
  const serving = deployment.brokers.map(({ node }) => node.pid);
  const processes = { serving, database: bench.postgres.pid, calling: [] };
  const authenticate = byAssertion(caller, 'self-api', deployment.keys.selfServer);
  return [
    {
      name: 'Oncekey',
      act: 'issue',
      callerProves: 'key, proof of possession and ID token',
      writes: 'used ids and an audit event, durably',
      processes,
      prepare: async (count) => {
        await caller.learnNonce({ again: true });
        return broker.shots(prepareExchanges(caller, count), TOKEN);
      },
    },
    {
      name: 'Oncekey',
      act: 'introspect',
      callerProves: 'key',
      writes: 'consumes the token, with an audit event, durably',
      processes,
      prepare: async (count) => {
        const tokens = await world.tokens(count, forSelfApi(caller));
        return broker.shots(prepareIntrospections(tokens, authenticate), ACTIVE);
      },
    },
  ];
}

async function measureOidcProvider(
  world: World,
  { databaseUrl, proves }: { readonly databaseUrl: string | null; readonly proves: 'secret' | 'key' },
  measure: (act: PeerAct) => Promise<void>,
): Promise<void> {
  const clientSecret = randomBytes(32).toString('base64url');
  const key = makeSigningKey();
  const port = await freePort();
  const settings: OidcProviderSettings = { port, databaseUrl, clientSecret, clientKey: key.publicJwk };
  const node = await world.start(['test/load/peers/oidc-provider-server.js', JSON.stringify(settings)]);
  const issuer = `http://127.0.0.1:${port}`;
  const byKey = (): ClientProof => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: KEY_CLIENT,
      sub: KEY_CLIENT,
      aud: issuer,
      jti: randomUUID(),
      iat: now,
      exp: now + 60,
    };
    const client_assertion = signJwt({ kid: key.kid }, claims, key);
    return { headers: {}, parameters: { client_assertion_type: JWT_BEARER, client_assertion } };
  };
  const prove =
    proves === 'key' ? byKey : bySecret({ client_id: SECRET_CLIENT, client_secret: clientSecret });
  const kept = databaseUrl === null ? 'nothing, it is in memory' : 'a row for the token';
  await measureEndpoints(
    {
      name: `oidc-provider, ${databaseUrl === null ? 'in memory' : 'on Postgres'}`,
      token: new URL(`${issuer}/token`),
      introspection: new URL(`${issuer}/token/introspection`),
      parameters: { grant_type: 'client_credentials' },
      proves,
      writes: kept,
      processes: { serving: [node.pid], database: world.bench.postgres.pid, calling: [] },
      issuing: prove,
      introspecting: prove,
    },
    measure,
  );
  await node.stop();
}
