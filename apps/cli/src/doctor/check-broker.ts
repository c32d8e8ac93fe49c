import type { BrokerAnswer, BrokerAnswers, NoAnswer } from './broker-answers.ts';
import { failed, passed, skipped, type Finding } from './finding.ts';

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);
/** Proofs and assertions are refused beyond this or less. */
const MAX_SKEW_MS = 5_000;
/** A `Date` has whole seconds. */
const DATE_STEP_MS = 1_000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/**
 * Looks at a broker from outside, without credentials and without changing anything. Where its metadata cannot be had,
 * nothing more is asked.
 */
export async function checkBroker(broker: BrokerAnswers): Promise<readonly Finding[]> {
  const { issuer } = broker;
  const path = issuer.pathname === '/' ? '' : issuer.pathname;
  const wellKnown = new URL(`/.well-known/oauth-authorization-server${path}`, issuer);
  const metadata = await broker.ask(wellKnown);
  if ('noAnswer' in metadata) return unreachable(issuer, metadata);
  const endpoint = (name: string): URL | null => {
    const text = metadata.body.text(name);
    return URL.canParse(text) ? new URL(text) : null;
  };
  const introspection = endpoint('introspection_endpoint');
  const jwks = endpoint('jwks_uri');
  return [
    passed('issuer', `${issuer.href} answers`),
    checkTls(issuer),
    checkMetadata(issuer, metadata),
    checkClock(metadata),
    jwks === null ? skipped('jwks', 'no jwks_uri') : checkJwks(await broker.ask(jwks)),
    checkReadiness(await broker.ask(new URL('/readyz', issuer))),
    ...(introspection === null
      ? [skipped('introspection', 'no introspection_endpoint')]
      : await checkIntrospection(broker, introspection)),
  ];
}

function unreachable(issuer: URL, { noAnswer }: NoAnswer): readonly Finding[] {
  const isCertificate = /CERT|SIGNATURE|SELF_SIGNED|ALTNAME|ISSUER/.test(noAnswer);
  return isCertificate
    ? [
        failed(
          'tls',
          `the certificate of ${issuer.host} is not accepted: ${noAnswer}`,
          'give it one that is in force and names this host; for an authority of your own set NODE_EXTRA_CA_CERTS',
        ),
      ]
    : [
        failed(
          'issuer',
          `${issuer.origin} does not answer: ${noAnswer}`,
          'start the broker (oncekey serve), and let its port and name lead here',
        ),
      ];
}

function checkTls({ protocol, hostname }: URL): Finding {
  if (protocol === 'https:') return passed('tls', 'its certificate is accepted');
  return LOOPBACK.has(hostname)
    ? skipped('tls', 'plain http on this machine, for development')
    : failed(
        'tls',
        'tokens and proofs travel in the clear',
        'put TLS in front of it, and make ONCEKEY_ISSUER https',
      );
}

function checkMetadata(issuer: URL, { status, body }: BrokerAnswer): Finding {
  const told = body.text('issuer');
  const fix =
    'set ONCEKEY_ISSUER to the very URL that clients use, and let the well-known path lead to the broker';
  if (status !== 200) return failed('metadata', `its metadata are answered with ${status}`, fix);
  if (told.replace(/\/$/, '') !== issuer.href.replace(/\/$/, ''))
    return failed('metadata', `they speak for ${told || 'nobody'}`, fix);
  const names = ['token_endpoint', 'introspection_endpoint', 'jwks_uri'];
  const astray = names.filter(
    (name) => !URL.canParse(body.text(name)) || new URL(body.text(name)).origin !== issuer.origin,
  );
  return astray.length === 0
    ? passed('metadata', 'they speak for this issuer')
    : failed('metadata', `${astray.join(', ')}: missing, or of another origin`, fix);
}

function checkClock({ aheadMs }: BrokerAnswer): Finding {
  if (aheadMs === null) return skipped('clock', 'no Date in the answer');
  const skewMs = Math.max(Math.abs(aheadMs) - DATE_STEP_MS, 0);
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  return skewMs <= MAX_SKEW_MS
    ? passed('clock', 'the two clocks agree')
    : failed(
        'clock',
        `the broker is ${seconds} seconds ${aheadMs > 0 ? 'ahead' : 'behind'}`,
        'keep both machines at the time with NTP: proofs and assertions of another time are refused',
      );
}

function checkJwks(answer: BrokerAnswer | NoAnswer): Finding {
  const fix = 'let /jwks lead to the broker; an empty set means that it has no key ring yet: see its log';
  if ('noAnswer' in answer) return failed('jwks', `no answer: ${answer.noAnswer}`, fix);
  const keys = answer.body.list('keys');
  if (answer.status !== 200 || keys.length === 0)
    return failed('jwks', `${answer.status} with ${keys.length} keys`, fix);
  return keys.every((key) => key.text('kid') !== '' && key.text('d') === '')
    ? passed('jwks', `${keys.length} public keys`)
    : failed(
        'jwks',
        'a key without kid, or with its private half',
        'something else than the broker answers here',
      );
}

function checkReadiness(answer: BrokerAnswer | NoAnswer): Finding {
  if ('noAnswer' in answer || answer.status === 404) return skipped('ready', 'not served to this place');
  if (answer.status === 200) return passed('ready', 'it can decide');
  return failed(
    'ready',
    `${answer.status}: ${JSON.stringify(answer.body.value)}`,
    'what is named there does not answer: database, key ring, live release or clock',
  );
}

/** A token that is none: what is asked about it spends nothing. */
const QUESTION = { method: 'POST', headers: FORM, body: 'token=once_oncekey-doctor' };

async function checkIntrospection(broker: BrokerAnswers, endpoint: URL): Promise<readonly Finding[]> {
  const get = await broker.ask(new URL('?token=once_oncekey-doctor', endpoint));
  const post = await broker.ask(endpoint, QUESTION);
  const fix = 'something in between answers for the broker: let /introspect lead straight to it';
  const refusal = (id: string, answer: BrokerAnswer | NoAnswer, what: string): Finding => {
    if ('noAnswer' in answer) return failed(id, `no answer: ${answer.noAnswer}`, fix);
    return answer.status >= 400 && answer.status < 500
      ? passed(id, `${what} is answered ${answer.status}`)
      : failed(id, `${what} is answered ${answer.status}`, fix);
  };
  return [
    refusal('introspection-get', get, 'a GET'),
    refusal('introspection-unauthenticated', post, 'a question of nobody'),
    'noAnswer' in post ? skipped('introspection-cache', 'no answer') : checkCache(post),
  ];
}

function checkCache({ headers }: BrokerAnswer): Finding {
  const control = headers.get('cache-control') ?? '';
  const isKept = headers.has('age') || /hit/i.test(headers.get('x-cache') ?? '');
  const fix =
    'take every cache between resource servers and /introspect away, and hand Cache-Control on as it is';
  if (isKept) return failed('introspection-cache', 'the answer came out of a cache', fix);
  return /(?:^|[ ,])no-store(?:$|[ ,])/i.test(control)
    ? passed('introspection-cache', 'answers say no-store')
    : failed('introspection-cache', `answers say ${control || 'nothing'} where they must say no-store`, fix);
}
