import { createServer } from 'node:net';

/** A TCP port of 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return probe(0);
}

/** Fails  Error when somebody listens on `port` of 127.0.0.1 */
export async function requireFreePort(port: number): Promise<number> {
  try {
    return await probe(port);
  } catch (error) {
    throw new Error(`port ${port} of 127.0.0.1 is taken; choose another one or stop who listens there`, {
      cause: error,
    });
  }
}

function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no TCP port was given'));
        else resolve(address.port);
      });
    });
  });
}
