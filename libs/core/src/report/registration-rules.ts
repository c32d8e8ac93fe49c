import { CALLER_TOKEN_SECONDS } from '../caller-token/caller-token.ts';
import type { CallerKeysDocument } from '../registry/documents.ts';
import type { StandingInput, StandingRule } from './standing-report.ts';

const DAY_MS = 86_400_000;

/** Above these, something lives longer than it has to. */
export const STANDING_LIMITS = {
  ttlSeconds: 60,
  providerMaxAgeSeconds: 3600,
  assertionSeconds: 600,
  pinnedKeyMs: 90 * DAY_MS,
  attestationMs: 30 * DAY_MS,
};

/** What stands in the registrations, by the name of the rule that finds it. */
export const REGISTRATION_RULES = {
  'bearer-tokens': ({ resourceServers }) =>
    resourceServers
      .filter(({ proof }) => proof === 'none')
      .map(({ id }) => ({
        severity: 'high',
        subject: `resource-servers/${id}`,
        why: 'it takes tokens that are bound to no key: whoever gets hold of one may spend it',
        remedy: 'set proof to dpop, which is the default',
      })),

  'self-checked-binding': ({ resourceServers }) =>
    resourceServers
      .filter(({ binding }) => binding === 'self')
      .map(({ id }) => ({
        severity: 'low',
        subject: `resource-servers/${id}`,
        why: 'the broker does not see which request a token was spent on, and relies on the API to compare',
        remedy: 'send method, URI, digest and proof with each introspection, and set binding to enforced',
      })),

  'caller-tokens': ({ resourceServers }) =>
    resourceServers
      .filter((server) => server.caller_tokens === true && !hasCertificate(server))
      .map(({ id }) => ({
        severity: 'low',
        subject: `resource-servers/${id}`,
        why: `whoever gets hold of a caller token of it may introspect as it, for ${CALLER_TOKEN_SECONDS} s`,
        remedy:
          'take caller_tokens out and have each call signed, or have it call with a certificate, which they are then bound to',
      })),

  'copied-workload-tokens': ({ resourceServers }) =>
    resourceServers
      .filter(({ federation, spiffe }) => federation !== undefined || spiffe !== undefined)
      .map(({ id }) => ({
        severity: 'low',
        subject: `resource-servers/${id}`,
        why: 'whoever copies the token that its platform gave it may introspect as it, until that expires',
        remedy: 'have its platform make tokens of minutes, or register a key or a certificate of its own',
      })),

  'believed-network': ({ resourceServers }) =>
    resourceServers.flatMap(({ id, forward_auth: gateway }) =>
      gateway === undefined
        ? []
        : [
            {
              severity: 'low',
              subject: `resource-servers/${id}`,
              why: `whatever calls from ${gateway.from.join(', ')} is believed to be its gateway, without a key`,
              remedy:
                'keep these networks to the gateway alone, or have the API introspect and take forward_auth out',
            },
          ],
    ),

  'provider-max-age': ({ identityProviders }) =>
    identityProviders.flatMap(({ id, max_age_seconds: maxAgeSeconds }) => {
      if (maxAgeSeconds !== undefined && maxAgeSeconds <= STANDING_LIMITS.providerMaxAgeSeconds) return [];
      return [
        {
          severity: maxAgeSeconds === undefined ? 'low' : 'medium',
          subject: `identity-providers/${id}`,
          why:
            maxAgeSeconds === undefined
              ? 'nobody has decided how old an ID token may be, so it may be an hour old'
              : `an ID token may be ${maxAgeSeconds} s old`,
          remedy: `set max_age_seconds, to ${STANDING_LIMITS.providerMaxAgeSeconds} at most`,
        },
      ];
    }),

  'pinned-keys': ({ now, clients }) =>
    clients.flatMap(({ document, updatedAt }) => {
      if (document.jwks === undefined) return [];
      const ageMs = now - updatedAt;
      if (ageMs <= STANDING_LIMITS.pinnedKeyMs) return [];
      return [
        {
          severity: 'medium',
          subject: `clients/${document.client_id}`,
          why: `its keys were registered ${Math.floor(ageMs / DAY_MS)} days ago and do not expire`,
          remedy: 'make a new key, register it, and take the old one out',
        },
      ];
    }),

  'legacy-audience': (input) =>
    callersOf(input)
      .filter(({ keys }) => keys.legacy_audience === true)
      .map(({ subject }) => ({
        severity: 'medium',
        subject,
        why: 'its assertions may name an endpoint instead of the issuer, which another server can make it send',
        remedy: 'address assertions to the issuer, and take legacy_audience out',
      })),

  'long-assertions': (input) =>
    callersOf(input).flatMap(({ subject, keys: { max_assertion_seconds: seconds = 0 } }) => {
      if (seconds <= STANDING_LIMITS.assertionSeconds) return [];
      return [
        {
          severity: 'medium',
          subject,
          why: `an assertion of its key is good for ${seconds} s`,
          remedy: `set max_assertion_seconds to ${STANDING_LIMITS.assertionSeconds} or less`,
        },
      ];
    }),

  'stale-attestation': ({ now, devices }) =>
    devices.flatMap(({ id, attestedAt }) => {
      const ageMs = attestedAt === null ? null : now - attestedAt;
      if (ageMs !== null && ageMs <= STANDING_LIMITS.attestationMs) return [];
      return [
        {
          severity: ageMs === null ? 'medium' : 'low',
          subject: `devices/${id}`,
          why:
            ageMs === null
              ? 'it never proved what it is'
              : `it last proved what it is ${Math.floor(ageMs / DAY_MS)} days ago`,
          remedy: 'have it attested again, or delete it',
        },
      ];
    }),
} as const satisfies Readonly<Record<string, StandingRule>>;

function hasCertificate({ tls_client_auth, self_signed_tls_client_auth }: CallerKeysDocument): boolean {
  return tls_client_auth !== undefined || self_signed_tls_client_auth !== undefined;
}

/** Clients and resource servers authenticate in the same way. */
function callersOf({
  clients,
  resourceServers,
}: StandingInput): readonly { subject: string; keys: CallerKeysDocument }[] {
  return [
    ...clients.map(({ document }) => ({ subject: `clients/${document.client_id}`, keys: document })),
    ...resourceServers.map((server) => ({ subject: `resource-servers/${server.id}`, keys: server })),
  ];
}
