import type { KeyPublisher } from '../keys/issuer-keys.ts';
import type { JwsAlgorithm } from '../keys/jws-algorithm.ts';
import type { PublicKey } from '../keys/public-key.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { ClaimRule } from './claim-rules.ts';
import type { SpiffeIdRule } from './spiffe-id.ts';

/** Keys that a caller signs assertions of its own with (RFC 7523). */
export interface OwnKeys {
  readonly method: 'private_key_jwt';
  readonly keys: readonly PublicKey[];
  readonly algorithms: readonly JwsAlgorithm[];
  /** Old libraries address an assertion to the called endpoint's URL; off unless registered so. */
  readonly legacyAudience: boolean;
  /** Longest life of an assertion: 600, up to 3600 for old libraries. */
  readonly maxAssertionSeconds: number;
}

/**
 * An attester vouches for each instance of the client, and the instance proves its key
 * (draft-ietf-oauth-attestation-based-client-auth).
 */
export interface Attestation {
  readonly method: 'attest_jwt_client_auth';
  /** What `iss` has to be; null: nothing in particular. */
  readonly issuer: string | null;
  /** Whose word on the posture of its devices is taken: that of `issuer`; null: nobody's. */
  readonly postureIssuer: string | null;
  readonly keys: KeySource;
  readonly algorithms: readonly JwsAlgorithm[];
  readonly maxAssertionSeconds: number;
}

/** Keys that were registered, or whoever publishes them. */
export type KeySource = readonly PublicKey[] | KeyPublisher;

/** The platform on which a caller runs vouches for it: a Kubernetes cluster, a CI system, a cloud. */
export interface Federation {
  readonly method: 'federation';
  /** Compared code point for code point with `iss`. */
  readonly issuer: string;
  /** What `aud` has to be; null: the issuer identifier of this broker. */
  readonly audience: string | null;
  /** All of them have to hold. */
  readonly rules: readonly ClaimRule[];
  readonly keys: KeySource;
  readonly algorithms: readonly JwsAlgorithm[];
  readonly maxAssertionSeconds: number;
}

/** A SPIFFE trust domain vouches for it. */
export interface SpiffeIdentity {
  readonly method: 'spiffe_jwt';
  readonly id: SpiffeIdRule;
  readonly keys: KeySource;
  readonly algorithms: readonly JwsAlgorithm[];
  readonly maxAssertionSeconds: number;
}

/** The one name in its certificate by which a client is known (RFC 8705 §2.1.2), compared exactly. */
export interface CertificateName {
  readonly kind: 'subject_dn' | 'san_dns' | 'san_uri' | 'san_ip' | 'san_email';
  readonly value: string;
}

/** A certificate of a registered authority. */
export interface IssuedCertificate {
  readonly method: 'tls_client_auth';
  readonly name: CertificateName;
  readonly authorities: readonly Certificate[];
  /** `x5t#S256` of certificates that are no longer believed. */
  readonly revoked: ReadonlySet<string>;
}

/** A certificate that is registered itself, whoever signed it. */
export interface OwnCertificates {
  readonly method: 'self_signed_tls_client_auth';
  /** `x5t#S256` */
  readonly thumbprints: ReadonlySet<string>;
}

export type CertificateAuthentication = IssuedCertificate | OwnCertificates;

/** How a caller proves who it is. There is one way per registration, and none of them is a shared secret. */
export type CallerAuthentication =
  OwnKeys | Federation | SpiffeIdentity | Attestation | CertificateAuthentication;

export type AuthenticationMethod = CallerAuthentication['method'];

/** How a caller proved who it is: in the way that is registered, or by a caller token that it earned so. */
export type CallerMethod = AuthenticationMethod | 'caller_token';
