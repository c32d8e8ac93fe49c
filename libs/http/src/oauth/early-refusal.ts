import type { OAuthError } from '#core';

/** A request that was refused before its pipeline began, so that nobody has put it on record yet. */
export class EarlyRefusal extends Error {
  override readonly name = 'EarlyRefusal';

  constructor(readonly refusal: OAuthError) {
    super(refusal.reason);
  }
}
