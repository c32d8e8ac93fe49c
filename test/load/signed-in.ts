import type { Deployment } from '../support/deployment/deployment.ts';

/** An ID token is good for ten minutes. */
const SIGN_IN_EVERY_MS = 60_000;

/** The ID token of a user who signs in now and then, as users do: it comes with many requests. */
export function signedIn({ issuerServer }: Deployment): () => string {
  let signedInAt = -Infinity;
  let idToken = '';
  return () => {
    if (performance.now() - signedInAt > SIGN_IN_EVERY_MS) {
      idToken = issuerServer.idToken();
      signedInAt = performance.now();
    }
    return idToken;
  };
}
