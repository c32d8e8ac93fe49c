import { isJsonObject } from '../shared/strict-json.ts';

/**
 * The path that an OpenAPI server puts before its paths, without a slash at its end: `https://{host}/v1/` is `/v1`.
 * Variables have their defaults. Null when it is no URL.
 *
 * Spec   OpenAPI 3.1 §4.8.5, §4.8.6
 */
export function basePathOf(server: unknown): string | null {
  if (!isJsonObject(server)) return null;
  const { url, variables } = server;
  if (typeof url !== 'string' || url.length > 2048) return null;
  const plain = url.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variable = isJsonObject(variables) ? variables[name] : undefined;
    const fallback = isJsonObject(variable) ? variable['default'] : undefined;
    return typeof fallback === 'string' ? fallback : whole;
  });
  const path = /^(?:https?:\/\/[^/?#]+)?(\/[^?#]*)?$/i.exec(plain)?.[1] ?? (isOriginOnly(plain) ? '' : null);
  return path === null ? null : path.replace(/\/+$/, '');
}

function isOriginOnly(url: string): boolean {
  return url === '' || /^https?:\/\/[^/?#]+$/i.test(url);
}

/**
 * What stands between a resource server's identifier and the paths of a document: `/v1` below `https://api.example/`,
 * and nothing below `https://api.example/v1`. Hosts do not count, since documents name those of production.
 * Null when the server is not below the identifier.
 */
export function prefixBelow(basePath: string, resource: string | null): string | null {
  if (basePath === '') return '';
  if (resource === null) return null;
  const own = /^[a-z]+:\/\/[^/?#]+(\/[^?#]*)?$/i.exec(resource)?.[1]?.replace(/\/+$/, '') ?? '';
  if (basePath === own) return '';
  return basePath.startsWith(`${own}/`) ? basePath.slice(own.length) : null;
}
