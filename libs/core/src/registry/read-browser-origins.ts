import { canonicalTargetUri, type UriRules } from '../operation/target-uri.ts';
import type { DocumentReader } from './document-reader.ts';

const MAX_ORIGINS = 16;
const MEMBER = 'browser_origins';

/** Origins whose pages may read what the broker answers them, each as a browser sends it (RFC 6454 §6.2); default: none. */
export function readBrowserOrigins(read: DocumentReader, rules: UriRules): ReadonlySet<string> {
  if (read.value(MEMBER) === undefined) return new Set();
  const origins = read.texts(MEMBER);
  const areOrigins = origins.every((origin) => isOrigin(origin, rules));
  if (origins.length > MAX_ORIGINS || !areOrigins) {
    read.refuse(MEMBER, `must be at most ${MAX_ORIGINS} origins such as https://app.example, without a path`);
    return new Set();
  }
  return new Set(origins);
}

function isOrigin(text: string, rules: UriRules): boolean {
  return canonicalTargetUri(text, rules) !== null && new URL(text).origin === text;
}
