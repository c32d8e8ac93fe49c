import { eventSourceOf, type IdentityProviderRegistration, type Trust } from '#core';

/** How it tells of them. */
export const PUSHES = { audience: null, authorizationSha256: null, devices: true, poll: null };

/** Whose events a small broker takes: its provider's, as long as that is registered to send some. */
export function eventLookups(
  provider: IdentityProviderRegistration,
): Pick<Trust, 'eventSource' | 'eventSources'> {
  const eventSources: Trust['eventSources'] = () => {
    const source = eventSourceOf(provider);
    return source === null ? [] : [source];
  };
  return {
    eventSources,
    eventSource: (issuer) => eventSources().find((one) => one.issuer === issuer) ?? null,
  };
}
