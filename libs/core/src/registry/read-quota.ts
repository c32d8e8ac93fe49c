import type { Quota } from '../quota/token-bucket.ts';
import type { DocumentReader } from './document-reader.ts';

const MOST_PER_SECOND = 1_000_000;

/** No number that is accepted: it has to be said. */
const REQUIRED = 0;

/** Reads `quota` of a client's or a resource server's document; null where there is none. */
export function readQuota(document: DocumentReader): Quota | null {
  if (!document.has('quota')) return null;
  const read = document.part('quota', ['requests_per_second', 'burst']);
  const requestsPerSecond = read.wholeNumber('requests_per_second', {
    least: 1,
    most: MOST_PER_SECOND,
    fallback: REQUIRED,
  });
  const burst = read.wholeNumber('burst', {
    least: 1,
    most: 2 * MOST_PER_SECOND,
    fallback: 2 * Math.max(1, requestsPerSecond),
  });
  return { requestsPerSecond, burst };
}
