import { connect } from 'node:net';

export interface HeardBytes {
  /** Null when the connection was closed without a word. */
  readonly status: number | null;
  readonly text: string;
}

/** After so long we say that no more will come: a broken length keeps nobody waiting. */
const SILENCE_MS = 200;
const PATIENCE_MS = 15_000;

/** Sends bytes over a connection of their own. Fails when there is neither an answer nor an end in time. */
export function sendBytes(port: number, bytes: string, silenceMs = SILENCE_MS): Promise<HeardBytes> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const silence = setTimeout(() => socket.end(), silenceMs);
    const patience = setTimeout(() => {
      socket.destroy();
      reject(new Error('neither an answer nor an end of the connection'));
    }, PATIENCE_MS);
    socket.on('connect', () => socket.write(Buffer.from(bytes, 'latin1')));
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(silence);
      clearTimeout(patience);
      const status = /^HTTP\/1\.[01] ([0-9]{3})/.exec(text)?.[1];
      resolve({ status: status === undefined ? null : Number(status), text });
    });
  });
}

/** The same bytes with the length that the body has by now, where their head is still one with a length. */
export function withLength(bytes: string): string {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return bytes;
  const head = bytes
    .slice(0, end)
    .replace(/^Content-Length: \d+$/m, `Content-Length: ${bytes.length - end - 4}`);
  return head + bytes.slice(end);
}
