import type {
  AuditEvent,
  Exchange,
  ForwardAuth,
  Introspect,
  IssueCallerToken,
  IssueTransactionToken,
  OAuthError,
  RedeemDeferral,
  ReceiveEvent,
  Revoke,
  RevokeSubject,
} from '#core';
import type { Readiness } from '#http';

/** A JWK set of public keys (RFC 7517 §5). */
export interface PublishedKeys {
  readonly keys: readonly object[];
}

/** Makes a signed answer (RFC 9701) for the resource server with this client id. Never fails. */
export type SignAnswer = (body: object, audience: string) => string;

/** Everything that the controllers know of what is behind them. */
export interface Broker {
  readonly exchange: Exchange;
  readonly redeemDeferral: RedeemDeferral;
  readonly issueTransactionToken: IssueTransactionToken;
  readonly issueCallerToken: IssueCallerToken;
  readonly introspect: Introspect;
  readonly forwardAuth: ForwardAuth;
  /** With the key that signs now. Fails  Unavailable while there is none; so it is asked for before a token is spent */
  answerSigner(): SignAnswer;
  readonly revoke: Revoke;
  readonly revokeSubject: RevokeSubject;
  readonly receiveEvent: ReceiveEvent;
  /** Puts a request on record that was refused before its pipeline began. Fails  never; answers Unavailable instead */
  record(type: AuditEvent['type'], refusal: OAuthError): Promise<OAuthError>;
  /** Fails  Unavailable while the key ring is not known */
  publishedKeys(): PublishedKeys;
  /** Is some client's page at this origin? Nobody's while it is not known who is registered. Never fails. */
  isBrowserOrigin(origin: string): boolean;
  readiness(): Readiness;
}

export const BROKER = Symbol('Broker');
