import { connect } from 'node:net';

export interface HeardBytes {
  /** Null when the connection was closed without a word. */
  readonly status: number | null;
  readonly text: string;
}

const PATIENCE_MS = 15_000;

/** Sends bytes and says that no more will come, so that a broken length keeps nobody waiting. */
export function sendBytes(port: number, bytes: string): Promise<HeardBytes> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const patience = setTimeout(() => {
      socket.destroy();
      reject(new Error('neither an answer nor an end of the connection'));
    }, PATIENCE_MS);
    socket.on('connect', () => socket.end(Buffer.from(bytes, 'latin1')));
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(patience);
      const status = /^HTTP\/1\.[01] ([0-9]{3})/.exec(text)?.[1];
      resolve({ status: status === undefined ? null : Number(status), text });
    });
  });
}
