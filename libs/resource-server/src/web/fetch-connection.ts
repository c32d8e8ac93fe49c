import { MAX_ANSWER_BYTES, type BrokerAnswer, type BrokerConnection } from '../broker-connection.ts';
import { BrokerFailure } from '../broker-failure.ts';

/** Reaches the broker with the `fetch` of the runtime, which keeps connections as it sees fit. */
export function fetchConnection(fetch: typeof globalThis.fetch): BrokerConnection {
  return {
    async ask({ url, method, headers, body, timeoutMs }): Promise<BrokerAnswer> {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const sent = { method, headers, redirect: 'manual', signal } as const;
        const response = await fetch(url.href, body === '' ? sent : { ...sent, body });
        const { status, headers: answered } = response;
        return { status, header: (name) => answered.get(name), text: await readText(response) };
      } catch (cause) {
        if (cause instanceof BrokerFailure) throw cause;
        const what = signal.aborted ? `did not answer in ${timeoutMs} ms` : 'could not be reached';
        throw new BrokerFailure(`the broker ${what}`, { isPassing: true, cause });
      }
    },
    close: () => undefined,
  };
}

async function readText({ body }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  const reader = body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    if (length > MAX_ANSWER_BYTES) {
      await reader.cancel();
      throw new BrokerFailure('the answer of the broker is too large');
    }
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
}
