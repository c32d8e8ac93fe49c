import type { EpochMs } from '../shared/clock.ts';
import type { Certificate } from './certificate.ts';

/** Checks signatures of certificates. */
export interface CertificateSignatures {
  /** True when the key in `issuer` signed `certificate` and is strong enough. Never throws on hostile input. */
  isSignedBy(certificate: Uint8Array, issuer: Uint8Array): boolean;
}

/** Most certificates between a client's and the authority that is registered for it. */
export const MAX_INTERMEDIATES = 3;

export interface PathRules {
  readonly authorities: readonly Certificate[];
  readonly signatures: CertificateSignatures;
  readonly now: EpochMs;
}

/** Is the certificate in force, and one that a client may authenticate with? */
export function isForClient(certificate: Certificate, now: EpochMs): boolean {
  const { isAuthority, maySign, isForClients } = certificate;
  return isInForce(certificate, now) && !isAuthority && maySign && isForClients;
}

/**
 * Does a certificate lead to one of the registered authorities, by exactly the certificates that came with it? One
 * that is not needed is refused as well: nothing is tried out.
 *
 * Spec   RFC 5280 §6.1, without policies and name constraints, which are refused where they are critical
 */
export function leadsToAuthority(
  client: Certificate,
  intermediates: readonly Certificate[],
  { authorities, signatures, now }: PathRules,
): boolean {
  if (intermediates.length > MAX_INTERMEDIATES || !isForClient(client, now)) return false;
  const isStep = (below: Certificate, above: Certificate, intermediatesBelow: number): boolean =>
    isAuthorityNow(above, now) &&
    (above.mostBelow === null || above.mostBelow >= intermediatesBelow) &&
    below.issuer === above.subject &&
    below.isSoundlySigned &&
    signatures.isSignedBy(below.der, above.der);
  const path = [client, ...intermediates];
  const isWhole = path.every((one, at) => {
    const above = path[at + 1];
    return above === undefined || isStep(one, above, at);
  });
  const last = path.at(-1);
  if (!isWhole || last === undefined) return false;
  return authorities.some(
    (authority) =>
      (last !== client && last.thumbprint === authority.thumbprint) ||
      isStep(last, authority, intermediates.length),
  );
}

function isAuthorityNow(certificate: Certificate, now: EpochMs): boolean {
  return isInForce(certificate, now) && certificate.isAuthority && certificate.mayCertify;
}

/** To the second that it names as its last, like every other end of ours: at that instant it still holds. */
function isInForce({ isUnderstood, notBefore, notAfter }: Certificate, now: EpochMs): boolean {
  return isUnderstood && notBefore <= now && now <= notAfter;
}
