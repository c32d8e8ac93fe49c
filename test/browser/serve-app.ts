import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { signJwt, type SigningKey } from '../support/deployment/signing-key.ts';
import type { PageSettings } from './page.ts';

/** The page, as a bundler makes it, and the app's backend, which attests the key of a browser. */
export async function appServer(settings: PageSettings, attester: SigningKey): Promise<Server> {
  const { outputFiles } = await build({
    entryPoints: ['test/browser/page.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
  });
  const script = outputFiles[0]?.text ?? '';
  const html = (inner: string): string =>
    `<!doctype html><title>app</title>${inner}<script type="module" src="/app.js"></script>`;
  const pages: Readonly<Record<string, string>> = {
    '/': html(`<button>read</button><script>window.settings = ${JSON.stringify(settings)}</script>`),
    '/signed-in': html(''),
  };
  return createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://app').pathname;
    if (path === '/app.js') return void response.setHeader('content-type', 'text/javascript').end(script);
    if (path === '/attestation') {
      return void text(request).then((jwk) =>
        response.end(attestationOf(JSON.parse(jwk) as object, attester)),
      );
    }
    const page = pages[path];
    response.setHeader('content-type', 'text/html');
    return void (page === undefined ? response.writeHead(404).end() : response.end(page));
  });
}

function attestationOf(jwk: object, attester: SigningKey): string {
  const { kty, crv, x, y } = jwk as Record<string, unknown>;
  const exp = Math.floor(Date.now() / 1000) + 600;
  return signJwt(
    { typ: 'oauth-client-attestation+jwt', kid: attester.kid },
    { sub: 'web-app', exp, cnf: { jwk: { kty, crv, x, y } } },
    attester,
  );
}
