import { diffReleases, type FullRelease, type ReleaseDocument, type ReleaseHead } from '#core';

export function renderHead({
  number,
  author,
  message,
  publishedAt,
  rollbackOf,
  isLive,
}: ReleaseHead): object {
  return {
    number,
    author,
    message,
    published_at: new Date(publishedAt).toISOString(),
    rollback_of: rollbackOf,
    live: isLive,
  };
}

/** `before`: what was live before it; null for the first release. */
export function renderRelease(release: FullRelease, before: ReleaseDocument | null): object {
  return {
    ...renderHead(release),
    document: release.document,
    diff: diffReleases(before, release.document),
  };
}
