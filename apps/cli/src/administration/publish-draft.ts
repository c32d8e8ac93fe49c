import { diffReleases, isEmptyDiff, type ReleaseDocument } from '#core';
import { randomUUID } from 'node:crypto';
import type { Answer } from '../answer.ts';
import type { AdminClient } from './admin-client.ts';
import { AdminRefusal } from './admin-refusal.ts';
import { liveNumber } from './live-number.ts';
import { releaseIn } from './read-release.ts';

/** Makes a document the draft, unless it is that already. Out: the draft as it is then. */
export async function replaceDraft(admin: AdminClient, document: ReleaseDocument): Promise<Answer> {
  const { body, etag } = await admin.get('/draft');
  if (isEmptyDiff(diffReleases(releaseIn(body), document))) return body;
  return (await admin.call({ method: 'PUT', path: '/draft', body: document, ifMatch: etag })).body;
}

/**
 * Publishes the draft.
 *
 * In     ifLive  number of the release that it may follow; absent: whichever is live
 * Out    the release, or null when the draft is what is live
 */
export async function publishDraft(
  admin: AdminClient,
  message: string,
  ifLive?: number,
): Promise<Answer | null> {
  try {
    const { body } = await admin.call({
      method: 'POST',
      path: '/releases',
      body: { message },
      ifMatch: `"${ifLive ?? (await liveNumber(admin))}"`,
      idempotencyKey: randomUUID(),
    });
    return body;
  } catch (error) {
    if (error instanceof AdminRefusal && error.reason === 'admin.nothing_to_publish') return null;
    throw error;
  }
}
