import { keyInIndexedDb } from '../../libs/client/src/browser/index.ts';
import { createOncekeyClient, OncekeyError } from '../../libs/client/src/index.ts';
import { finishSignIn, signInByPopup } from '../../libs/client/src/sign-in/index.ts';

export interface PageSettings {
  readonly broker: string;
  readonly identityProvider: string;
  readonly api: string;
}

/** What the test asks of the page. */
export interface Page {
  /** Status and text of the answer to one call, or the code of what went wrong. */
  call(path: string): Promise<[number, string] | string>;
  thumbprint(): Promise<string>;
  /** Of keys that are asked for at the same time. */
  thumbprints(): Promise<string[]>;
  /** Everything that could be got out of the device key. */
  loot(): Promise<string[]>;
}

declare const window: { app?: Page; settings?: PageSettings; readonly location: { readonly origin: string } };

/** The app at `/`, and the end of a sign-in at `/signed-in`. */
const { settings } = window;
if (settings === undefined) finishSignIn();
else window.app = pageWith(settings);

function pageWith({ broker, identityProvider, api }: PageSettings): Page {
  const signIn = signInByPopup({
    issuer: identityProvider,
    clientId: 'web-app',
    redirectUri: `${window.location.origin}/signed-in`,
    scope: 'openid groups',
  });
  const client = keyInIndexedDb().then((dpopKey) =>
    createOncekeyClient({
      issuer: broker,
      clientId: 'web-app',
      clientAttestation: () => attestationOf(dpopKey),
      dpopKey,
      subjectToken: signIn.idToken,
      onStepUp: signIn.again,
      resources: [api],
      timeoutMs: 20_000,
    }),
  );
  return {
    call: async (path) => {
      try {
        const response = await (await client).fetch(`${api}${path}`);
        return [response.status, await response.text()];
      } catch (failure) {
        return failure instanceof OncekeyError ? `${failure.code}: ${failure.message}` : String(failure);
      }
    },
    thumbprint: async () => (await client).thumbprint(),
    thumbprints: async () => {
      const keys = await Promise.all(Array.from({ length: 8 }, () => keyInIndexedDb('shared')));
      const jwks = await Promise.all(keys.map(({ publicKey }) => crypto.subtle.exportKey('jwk', publicKey)));
      return jwks.map(({ x }) => x ?? '');
    },
    loot: async () => {
      const { privateKey } = await keyInIndexedDb();
      const tries = [
        crypto.subtle.exportKey('jwk', privateKey),
        crypto.subtle.exportKey('pkcs8', privateKey),
        crypto.subtle.exportKey('raw', privateKey),
      ].map((taken) =>
        taken.then(
          () => ['taken'],
          () => [],
        ),
      );
      return [...(privateKey.extractable ? ['extractable'] : []), ...(await Promise.all(tries)).flat()];
    },
  };
}

/** The app's own backend knows its user and vouches for the key of this browser. */
async function attestationOf({ publicKey }: Awaited<ReturnType<typeof keyInIndexedDb>>): Promise<string> {
  const jwk = await crypto.subtle.exportKey('jwk', publicKey);
  const response = await fetch('/attestation', { method: 'POST', body: JSON.stringify(jwk) });
  return response.text();
}
