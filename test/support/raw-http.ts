import { connect } from 'node:net';

export interface RawAnswer {
  /** Null when the connection was closed without one. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly text: string;
}

/** How long a server that keeps the connection open is listened to after its last byte. */
const SILENCE_MS = 250;

/** Sends bytes as they are, over a socket of their own, and returns the first answer. No client library helps or hinders. */
export function rawHttp(
  port: number,
  chunks: string | Buffer | readonly (string | Buffer)[],
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let silence: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(silence);
      clearTimeout(patience);
      socket.destroy();
      resolve(parse(text));
    };
    const patience = setTimeout(finish, 15_000);
    socket.on('connect', () => {
      for (const chunk of Array.isArray(chunks) ? chunks : [chunks]) socket.write(chunk);
    });
    socket.on('data', (data) => {
      text += data.toString('latin1');
      clearTimeout(silence);
      if (!text.startsWith('HTTP/1.1 100')) silence = setTimeout(finish, SILENCE_MS);
    });
    socket.on('close', finish);
    socket.on('error', () => undefined);
  });
}

function parse(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...fields] = head.split('\r\n');
  const status = /^HTTP\/1\.[01] ([0-9]{3})/.exec(statusLine)?.[1];
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  return { status: status === undefined ? null : Number(status), headers, body: rest.join('\r\n\r\n'), text };
}
