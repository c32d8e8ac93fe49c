/**
 * `URL.parse` came with Node 22.1, and oidc-provider 9 calls it. Imported before that package, so that the toy
 * identity provider runs on every Node that the broker runs on. Only its own process sees the addition.
 */
if (!('parse' in URL)) {
  Object.defineProperty(URL, 'parse', {
    value: (url: string, base?: string): URL | null => (URL.canParse(url, base) ? new URL(url, base) : null),
  });
}

export {};
