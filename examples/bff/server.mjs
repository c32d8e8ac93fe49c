// The backend of a browser app. The page holds a session cookie and no token; the backend signs the user in, keeps the
// ID token, and earns one token for each call that the page makes through it.
import { randomUUID } from 'node:crypto';
import { createOncekeyClient, OncekeyError } from '@oncekey/client';
import { keyInFile } from '@oncekey/client/node';
import express from 'express';
import * as oauth from 'oauth4webapi';

const { PORT = '3000', ONCEKEY_ISSUER, API, PROVIDER, KEY = 'client-key.json' } = process.env;
const { APP = `http://127.0.0.1:${PORT}` } = process.env;
const CALLBACK = `${APP}/callback`;
const insecure = { [oauth.allowInsecureRequests]: PROVIDER.startsWith('http://127.0.0.1') };
const web = { client_id: 'shop-web' };
const clientKey = await keyInFile(KEY);

/** By what the cookie says: whoever is signing in, or has. In memory, so that a restart signs everybody out. */
const sessions = new Map();
const COOKIE = { httpOnly: true, sameSite: 'lax', secure: APP.startsWith('https:'), path: '/' };

const sessionOf = (request) =>
  sessions.get(/(?:^|;\s*)session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1]);

function startSession(response, session) {
  const id = randomUUID();
  sessions.set(id, session);
  // As long as the ID token at most: then the user signs in again.
  setTimeout(() => sessions.delete(id), 3_600_000).unref();
  response.cookie('session', id, COOKIE);
}

async function provider() {
  const issuer = new URL(PROVIDER);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
}

const app = express();

app.get('/login', async (_request, response) => {
  const pending = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
  };
  const { authorization_endpoint: endpoint } = await provider();
  const url = new URL(endpoint);
  url.search = new URLSearchParams({
    ...web,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid',
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
  }).toString();
  startSession(response, { pending });
  response.redirect(url.href);
});

app.get('/callback', async (request, response) => {
  const pending = sessionOf(request)?.pending;
  if (pending === undefined) return response.sendStatus(400);
  const as = await provider();
  const url = new URL(request.originalUrl, APP);
  const code = oauth.validateAuthResponse(as, web, url, pending.state);
  const answer = await oauth.authorizationCodeGrantRequest(
    as,
    web,
    oauth.None(),
    code,
    CALLBACK,
    pending.verifier,
    insecure,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, web, answer, {
    expectedNonce: pending.nonce,
    requireIdToken: true,
  });
  const oncekey = createOncekeyClient({
    issuer: ONCEKEY_ISSUER,
    clientId: 'shop-bff',
    clientKey,
    subjectToken: () => tokens.id_token,
    resources: [API],
  });
  // A new session: whoever knew the old cookie knows nothing of this one.
  startSession(response, { oncekey });
  return response.redirect('/');
});

app.use('/api', express.raw({ type: () => true, limit: '1mb' }), async (request, response) => {
  // Pages of other origins can send the cookie, but not this header.
  if (request.headers['x-app'] !== 'shop') return response.sendStatus(403);
  const oncekey = sessionOf(request)?.oncekey;
  if (oncekey === undefined) return response.status(401).json({ login: '/login' });
  try {
    const answer = await oncekey.fetch(`${API}${request.url}`, {
      method: request.method,
      headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
      body: Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : null,
    });
    const type = answer.headers.get('content-type') ?? 'application/octet-stream';
    return response
      .status(answer.status)
      .type(type)
      .send(Buffer.from(await answer.arrayBuffer()));
  } catch (failure) {
    if (!(failure instanceof OncekeyError)) throw failure;
    if (failure.stepUp !== null) return response.status(401).json({ login: '/login' });
    return response
      .status(failure.code === 'invalid_authorization_details' ? 403 : 503)
      .json({ error: failure.code });
  }
});

app.listen(Number(PORT), '127.0.0.1', () => console.log(`listening at ${APP}`));
