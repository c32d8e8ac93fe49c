import { createServer } from 'node:net';
import { PORT_NAMES, PORTS, type Ports } from '../settings.ts';

/** A sentence about the first port that cannot be listened on; null when all are free. */
export async function findTakenPort(ports: Ports): Promise<string | null> {
  for (const name of PORT_NAMES) {
    const fault = await tryPort(ports[name]);
    if (fault !== null) return sayTaken(name, ports[name], fault);
  }
  return null;
}

function sayTaken(name: keyof Ports, port: number, fault: string): string {
  const { flag, is } = PORTS[name];
  const why = fault === 'EADDRINUSE' ? 'is taken' : `cannot be listened on (${fault})`;
  return `port ${port} for ${is} ${why}: choose another with \`npm start -- ${flag} <port>\``;
}

/** Error code, or null when the port is free. */
function tryPort(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(null)));
  });
}
