import type { JwsAlgorithm } from '../keys/jws-algorithm.ts';
import type { KeySource } from './caller-authentication.ts';
import type { EventPoll, EventTransmitter, IdentityProviderRegistration } from './registrations.ts';

/** Somebody whose security events are taken, as the steps that take them know him. */
export interface EventSource {
  /** Id of the registration. */
  readonly id: string;
  /** Compared code point for code point with `iss`. */
  readonly issuer: string;
  readonly keys: KeySource;
  readonly algorithms: readonly JwsAlgorithm[];
  readonly transmitter: EventTransmitter;
}

/** One whose events have to be fetched. */
export type PolledSource = EventSource & { readonly transmitter: { readonly poll: EventPoll } };

/** Null for a provider that was not registered to send events. */
export function eventSourceOf(provider: IdentityProviderRegistration): EventSource | null {
  const { id, issuer, algorithms, events } = provider;
  return events === null ? null : { id, issuer, keys: { id, issuer }, algorithms, transmitter: events };
}

export function isPolled(source: EventSource): source is PolledSource {
  return source.transmitter.poll !== null;
}
