/** What is registered, under the names that documents and reports use. */
export type RegistrationKind = 'identity_provider' | 'event_transmitter' | 'client' | 'resource_server';

/** A registration as it is stored. */
export interface StoredRegistration {
  readonly kind: RegistrationKind;
  /** Registration id; of a client its client id. */
  readonly id: string;
  readonly enabled: boolean;
  readonly document: unknown;
}

/** A name that may be given once only is another registration's already. */
export class RegistrationConflict extends Error {
  override readonly name = 'RegistrationConflict';

  constructor(
    readonly kind: RegistrationKind,
    readonly member: 'client_id' | 'issuer' | 'resource',
  ) {
    super(`${kind}: its ${member} belongs to another registration`);
  }
}
