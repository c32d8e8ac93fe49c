/**
 * What to do about a reason: by the reason itself, else by the kind of its fault, else by what it is about. The first
 * part of a reason says what it is about, the second what is wrong with it.
 */
const BY_REASON: Readonly<Record<string, string>> = {
  'request.wrong_method': 'use the method that the metadata and the protocol page give the endpoint',
  'client.secret_refused':
    'register a key, a certificate or a platform, and remove the secret from the caller',
  'client.several_methods': 'send one kind of credentials',
  'client.wrong_method': 'authenticate as registered, or change the registration',
  'client.unmatched':
    'compare the claims of the token, or the certificate, with the registration, character by character',
  'client.ambiguous': 'send client_id',
  'client.other_key': 'make the DPoP proof with the key that was attested',
  'client.revoked':
    'enable the client, or lift the revocation of the workload, if it is to be trusted; after one without a block, a new token of its platform will do',
  'client.not_allowed': 'add the identity provider to the registration of the client',
  'bearer.wrong_certificate':
    'make the connection with the certificate that the caller token was earned with',
  'bearer.not_given':
    'register caller tokens for the resource server, or authenticate with the key each time',
  'actor.missing': 'send an actor_token: the client says who acts',
  'actor.not_allowed': 'list the actor under `actors` of the client, or have the provider name it in may_act',
  'policy.denied':
    'if it should be permitted, write a policy: `oncekey policy test` and `plan` show what it changes',
  'policy.forbidden': 'look at the policies of the event; a forbid outweighs every permit',
  'policy.failed': 'look at the policy that the event names: it reads an attribute that was not there',
  'policy.unsatisfiable': 'make the annotations of the permits that match agree',
  'policy.approval_required':
    'send completion_mode=deferred and wait for the approval; the annotation @approval says whose it is',
  'approval.pending': 'ask again after the interval; find out who has to approve with `oncekey audit`',
  'approval.slow_down': 'wait for the interval, and 5 seconds longer after each of these',
  'approval.expired': 'ask for it anew, and tell those who approve that it waits',
  'approval.denied': 'talk to who denied it: the audit log has them',
  'approval.cancelled': 'ask for it anew if it is still wanted',
  'approval.stale': 'look what the event names: it was cut off or has changed since it was asked for',
  'approval.unknown': 'send the deferral code of the first answer, unchanged',
  'approval.foreign_client': 'ask with the client that was given the code; if nobody shared it, it leaked',
  'approval.redeemed': 'use the token that was fetched; ask for it anew for another',
  'approval.other_key': 'keep the key or certificate of the first request until the token is fetched',
  'approval.too_many': 'cancel what nobody waits for any more, or have it decided',
  'policy.step_up_acr':
    'sign the user in again with the acr_values of the answer; the SDK does it with onStepUp',
  'policy.step_up_age':
    'sign the user in again with the max_age of the answer; the SDK does it with onStepUp',
  'policy.actor_denied': 'let the user make the call, or write a policy for the actor',
  'device.nonce_required':
    'repeat with the nonce of the answer; SDKs do. If it stays, something strips DPoP-Nonce',
  'device.nonce_refused': 'repeat with the nonce of the answer; SDKs do',
  'device.revoked': 'have the device checked, and enabled again where devices are administered',
  'subject.revoked': 'sign the user in again, or have the workload fetch a new SVID',
  'operation.digest_required': 'send content_digest in authorization_details; SDKs do',
  'operation.exact_required': 'send authorization_details in place of scope',
  'operation.not_in_catalog': 'compare method and path with the catalog; add the operation if it is missing',
  'resource.unknown':
    'compare `resource` with the registered identifier, and look whether the client may ask for it',
  'gateway.unknown':
    'compare the path and the network of the gateway with `forward_auth` of the resource server',
  'idempotency.conflict':
    'use a new Idempotency-Key for each introspection, and repeat one with the same parameters only',
  'broker.unavailable': 'repeat after Retry-After; look at /readyz for what does not answer',
  'broker.overloaded':
    'repeat after Retry-After; if it stays, give brokers or their database more cores (docs/operations.md, overload)',
  'quota.exceeded':
    'repeat after Retry-After; if the caller may ask for more, raise `quota` of its registration',
  'quota.source':
    'look in the audit log for what fails from this address: it is let in again when that stops',
  'broker.fault': 'look into the log by the reason id, and report it',
  'token.expired': 'ask for the token right before the call; look at @ttl of the policy',
  'token.already_spent':
    'earn a token for each call; if nobody repeated one, it was stolen: look who presented it',
  'token.killed':
    'compare what API and client send; if nobody changed anything, somebody else tried the token',
  'token.peeked': 'nothing: introspect without peek to spend',
  'token.revoked': 'sign in again, or look who revoked it',
  'token.ledger_gone': 'exchange again; SDKs are asked to by their callers',
  'token.unknown_key': 'exchange again; if it stays, brokers do not share one database',
  'token.forged': 'find out who sent it: no broker made it',
};

const BY_FAULT: Readonly<Record<string, string>> = {
  wrong_time: 'look at the clocks of both machines; get a fresh one for each request',
  bad_signature: 'compare the registered or published keys with the one that signed, kid and alg included',
  wrong_audience: 'have it made for the audience that the registration names',
  unknown_issuer: 'register the identity provider, spelt exactly as its iss',
  replayed: 'make a new one for each request, repeats included',
  key_bound: 'send the DPoP proof by the key that it is bound to',
  malformed: 'compare what is sent with the protocol page',
  bad_claims: 'compare its claims with what the protocol page demands',
};

const BY_SUBJECT: Readonly<Record<string, string>> = {
  request: 'compare what is sent with the protocol page',
  grant: 'use a grant, token type and scope that the metadata names',
  client: 'compare how the client authenticates with its registration',
  subject: 'give a fresh ID token that was made for this client',
  actor: 'give a fresh ID token of the actor that was made for this client',
  txn: 'ask with the token that this API has just spent, or a transaction token that is alive',
  assertion: 'ask the identity provider for an assertion for this client, broker and operation',
  device: 'send one fresh DPoP proof of this very request with each request',
  context: 'send a small JSON object of the attributes that the catalog lists under claimed',
  resource: 'send one resource, as it is registered',
  operation: 'compare authorization_details with the protocol page',
  peek: 'register `peek` for the resource server, or introspect without it',
  gateway: 'have the gateway write each header of its dialect once',
  idempotency: 'send one quoted string of 1 to 128 characters',
  event: 'compare the event and the transmitter with the registration of the identity provider',
  revocation: 'compare the call with the protocol page, and the caller with its registration',
  bearer: 'ask for a new caller token for this broker, or authenticate with the key; the guards do',
  caller: 'introspect with the credentials of a resource server',
  token: 'compare what the client asked for with what the API was sent, and how the API tells it',
};

/** Null for a reason that nobody has thought about. */
export function remedyOf(reason: string): string | null {
  const [subject = '', fault = ''] = reason.split('.');
  const candidates = [
    [BY_REASON, reason],
    [BY_FAULT, fault],
    [BY_SUBJECT, subject],
  ] as const;
  for (const [remedies, key] of candidates) {
    if (Object.hasOwn(remedies, key)) return remedies[key] ?? null;
  }
  return null;
}

/** The reasons that have a remedy of their own. */
export const REMEDIED: readonly string[] = Object.keys(BY_REASON);
