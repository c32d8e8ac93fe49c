import type { Approval } from './approval.ts';
import type { StepUp } from './oncekey-error.ts';
import type { CryptoKeyPair, PrivateJwk } from './signing-key.ts';
import type { TokenSource } from './token-source.ts';

export interface OncekeyClientOptions {
  /** Issuer identifier of the broker, exactly as the broker spells it. */
  readonly issuer: string;
  readonly clientId: string;
  /**
   * Authenticates this client at the broker; its public half is registered there. Exactly one of this, `clientToken`,
   * `clientSvid` and `clientAttestation` is given.
   */
  readonly clientKey?: CryptoKeyPair | PrivateJwk;
  /** A token of the platform on which the client runs, for the issuer of the broker (`federation`). */
  readonly clientToken?: TokenSource;
  /** A JWT-SVID for the issuer of the broker (`spiffe`). */
  readonly clientSvid?: TokenSource;
  /** What an attester says of `dpopKey`: that it belongs to an installation of this client (`attestation`). */
  readonly clientAttestation?: TokenSource;
  /** Tokens are bound to it. One that cannot be exported is made when absent. */
  readonly dpopKey?: CryptoKeyPair | PrivateJwk;
  /** A fresh ID token of the user, or of the workload, on whose behalf the calls are made. Asked for once per exchange. */
  readonly subjectToken: TokenSource;
  /** A fresh ID token of whoever acts for the user: an agent, a service. Asked for once per exchange. */
  readonly actorToken?: TokenSource;
  /**
   * Called when the user's sign-in falls short of what a policy demands: runs the login again, with `acr_values` and
   * `max_age` as told, and returns the new ID token. The exchange is then tried once more. Without it, or when it
   * fails, the call fails.
   */
  readonly onStepUp?: (stepUp: StepUp) => string | Promise<string>;
  /**
   * Called when somebody has to approve the operation: tell the user, and whom to read the code to. The call goes on when
   * it is approved, which may take minutes; the signal of its request ends the wait. Without this, such an operation is
   * refused at once, and nobody is asked.
   */
  readonly onApproval?: (approval: Approval) => void | Promise<void>;
  /** Identifiers of resource servers; a request belongs to the longest one that it lies below. */
  readonly resources?: readonly string[];
  /** Identifier of the resource server for a URL; goes before `resources`. Without both it is the URL's origin. */
  readonly resourceFor?: (url: string) => string;
  /** Circumstances to claim, a small JSON object: what a policy calls `claimed`. */
  readonly requestContext?: () => Readonly<Record<string, unknown>>;
  /** Sends both the exchanges and the API calls. */
  readonly fetch?: typeof globalThis.fetch;
  /** For each request to the broker. Default 5000. */
  readonly timeoutMs?: number;
  /** Bodies are held in memory up to this size. Default 8 MiB. */
  readonly maxBodyBytes?: number;
}
