import { OncekeyError } from '../oncekey-error.ts';
import type { SignInWindow } from './window.ts';

declare const window: SignInWindow;

/** Only pages of this origin hear it, and only who has made the `state` can do anything with what it hears. */
const CHANNEL = 'oncekey-sign-in';

/** For the page at `redirectUri`: hands the provider's answer to the page that waits for it, and closes this window. */
export function finishSignIn(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(window.location.href);
  channel.close();
  window.close();
}

/**
 * The URL to which the provider sends the user back with this `state`. A window cannot be asked whether it is still
 * open: one that a provider has cut off from us says it is closed.
 *
 * Fails  OncekeyError `sign_in_failed` when it has not come in time
 */
export function answerWith(state: string, timeoutMs: number): Promise<URL> {
  const channel = new BroadcastChannel(CHANNEL);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    channel.close();
  };
  return new Promise((resolve, reject) => {
    timer = setTimeout(() => {
      stop();
      reject(new OncekeyError('sign_in_failed', { description: `nobody signed in within ${timeoutMs} ms` }));
    }, timeoutMs);
    channel.onmessage = (message: { readonly data?: unknown }) => {
      const { data } = message;
      if (typeof data !== 'string' || !URL.canParse(data)) return;
      const answered = new URL(data);
      if (answered.searchParams.get('state') !== state) return;
      stop();
      resolve(answered);
    };
  });
}
