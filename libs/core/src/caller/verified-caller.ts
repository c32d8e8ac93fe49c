import type { Claim } from '../audit/journal.ts';
import type { CompactJws } from '../jwt/compact-jws.ts';
import type { SignatureVerifier } from '../jwt/signature-verifier.ts';
import type { IssuerKeys } from '../keys/issuer-keys.ts';
import type { CallerQuotas } from '../quota/caller-quotas.ts';
import type { CallerMethod } from '../registry/caller-authentication.ts';
import type { DevicePosture } from '../registry/device-posture.ts';
import type { ClientRegistration, ResourceServerRegistration } from '../registry/registrations.ts';
import type { TrustSource } from '../registry/trust.ts';
import type { Clock, EpochSeconds } from '../shared/clock.ts';
import type { CertificateSignatures } from '../x509/certification-path.ts';
import type { AssertionAudience } from './caller-credentials.ts';

export interface CallerPorts {
  readonly clock: Clock;
  readonly trust: TrustSource;
  readonly signatures: SignatureVerifier;
  readonly issuerKeys: IssuerKeys;
  readonly certificates: CertificateSignatures;
  readonly quotas: CallerQuotas;
}

/** Somebody else's word for who the caller is: the platform on which it runs. */
export interface VouchedWorkload {
  readonly issuer: string;
  readonly subject: string;
  /** When it gave its word; null where that does not say. */
  readonly vouchedAt: EpochSeconds | null;
}

/** What an attester says of the device that has the key. */
export interface AttestedPosture {
  /** RFC 7638 thumbprint. */
  readonly keyThumbprint: string;
  readonly posture: DevicePosture;
}

/** Who calls, and how that is known. */
export interface VerifiedCaller {
  readonly registration: ClientRegistration | ResourceServerRegistration;
  readonly method: CallerMethod;
  /** The id of the assertion that said so, which has still to be claimed; null where it may be shown again. */
  readonly claim: Claim | null;
  readonly workload: VouchedWorkload | null;
  /** `x5t#S256` of the certificate that said so; null where none did. */
  readonly certificate: string | null;
  /** Thumbprint of the key that was attested, where the DPoP proof has still to be made with it. */
  readonly instanceKey: string | null;
  /** Null: nobody whose word is taken has said anything. */
  readonly attestedPosture: AttestedPosture | null;
}

/** A JWT that says who calls, and what came with it. */
export interface PresentedAssertion {
  readonly jws: CompactJws;
  /** `client_id` parameter. */
  readonly clientId: string | null;
  readonly audience: AssertionAudience;
}
