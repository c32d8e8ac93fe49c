import type { OncekeyClientOptions } from './client-options.ts';
import { OncekeyError } from './oncekey-error.ts';
import { canonicalTarget, isWithin, type TargetUri } from './target-uri.ts';

/**
 * The resource server that a request belongs to (RFC 8707 `resource`).
 *
 * Fails  OncekeyError `unacceptable_uri` when it lies below none of those that were named
 */
export function resourceOf(
  target: TargetUri,
  { resourceFor, resources }: Pick<OncekeyClientOptions, 'resourceFor' | 'resources'>,
): string {
  if (resourceFor !== undefined) return canonicalResource(resourceFor(target.href)).href;
  if (resources === undefined) return `${target.origin}/`;
  const [nearest] = resources
    .map(canonicalResource)
    .filter((base) => isWithin(target, base))
    .toSorted((a, b) => b.path.length - a.path.length);
  if (nearest === undefined) {
    throw new OncekeyError('unacceptable_uri', { description: `${target.origin} is none of the resources` });
  }
  return nearest.href;
}

function canonicalResource(resource: string): TargetUri {
  const canonical = URL.canParse(resource) ? canonicalTarget(new URL(resource)) : null;
  if (canonical === null) throw new OncekeyError('unacceptable_uri', { description: resource });
  return canonical;
}
