import type { InactiveReason } from '../errors/inactivities.ts';
import type { ForwardAuthProfile } from '../registry/forward-auth-profile.ts';

/**
 * The `WWW-Authenticate` of a refusal. It tells whoever sent no token how to, and of every other token the same.
 *
 * Spec   RFC 9449 §7.1; RFC 6750 §3; RFC 9728 §5.1
 */
export function challenge(
  reason: InactiveReason,
  { resourceMetadata }: Pick<ForwardAuthProfile, 'resourceMetadata'>,
): string {
  const said = [
    ...(reason === 'token.missing'
      ? []
      : ['error="invalid_token"', 'error_description="the token does not permit this request now"']),
    ...(resourceMetadata === null ? [] : [`resource_metadata="${resourceMetadata}"`]),
    'algs="ES256 PS256 EdDSA"',
  ];
  return `DPoP ${said.join(', ')}`;
}
