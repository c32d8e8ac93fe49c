import type { SpentGrant } from '../introspection/steps/spend.ts';
import type { ContentDigest } from '../operation/content-digest.ts';

/**
 * What an API behind a gateway is told of the token that was spent on its request. Whatever is not a visible ASCII
 * character, or is `%`, is percent-encoded as UTF-8, so that no name can break a header or be read as another. What
 * there is not is told as empty: some gateways leave in place, or invent, what they are not told.
 */
export function identityHeaders({ grant }: SpentGrant): Readonly<Record<string, string>> {
  const { sub, sub_iss, client_id, act, scope, txn, jti, acr, authorization_details } = grant;
  const [{ content_digest: digest, path_template: template }] = authorization_details;
  const told = {
    'X-Oncekey-Subject': sub,
    'X-Oncekey-Subject-Issuer': sub_iss,
    'X-Oncekey-Client-Id': client_id,
    'X-Oncekey-Operation': scope,
    'X-Oncekey-Txn': txn,
    'X-Oncekey-Jti': jti,
    'X-Oncekey-Actor': act?.sub,
    'X-Oncekey-Actor-Issuer': act?.iss,
    'X-Oncekey-Acr': acr,
    // A token for a path template is bound to no body.
    'X-Oncekey-Content-Digest': template === undefined ? fieldOf(digest ?? OF_NOTHING) : undefined,
  };
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, headerText(value ?? '')]));
}

const OF_NOTHING: ContentDigest = { 'sha-256': '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' };

/** RFC 9530 §2. */
function fieldOf(digest: ContentDigest): string {
  return Object.entries(digest)
    .map(([algorithm, value]) => `${algorithm}=:${value}:`)
    .join(',');
}

function headerText(text: string): string {
  return text.replaceAll(/[^!-$&-~]/gu, (char) =>
    [...new TextEncoder().encode(char)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
