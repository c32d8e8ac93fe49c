import { OAuthError, Unavailable } from '#core';

/** Does `work`; whatever the database throws becomes `Unavailable`, so that nobody takes it for a no. */
export async function orUnavailable<Outcome>(what: string, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OAuthError) throw error;
    throw new Unavailable(what, error);
  }
}
