import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import { ConfigurationError, mutualTlsServer } from '#http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { BrokerConfiguration } from './config.ts';

/**
 * Serves the same application on a port where TLS ends here. Null where there is no such port.
 *
 * Fails  ConfigurationError when a file cannot be read or does not hold what it should
 */
export async function serveCertificates(
  app: NestFastifyApplication,
  letsIn: (request: IncomingMessage, response: ServerResponse) => boolean,
  { host, mtlsPort, mtlsCertificateFile = '', mtlsKeyFile = '' }: BrokerConfiguration,
): Promise<Server | null> {
  if (mtlsPort === undefined) return null;
  const fastify = app.getHttpAdapter().getInstance();
  const certificate = readFile('ONCEKEY_MTLS_CERTIFICATE_FILE', mtlsCertificateFile);
  const key = readFile('ONCEKEY_MTLS_KEY_FILE', mtlsKeyFile);
  const server = serverOf(() =>
    mutualTlsServer(
      (request, response) => {
        if (letsIn(request, response)) fastify.routing(request, response);
      },
      { certificate, key },
    ),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(mtlsPort, host, () => resolve());
  });
  return server;
}

function serverOf(make: () => Server): Server {
  try {
    return make();
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code');
    throw new ConfigurationError([
      `ONCEKEY_MTLS_CERTIFICATE_FILE and ONCEKEY_MTLS_KEY_FILE do not hold a certificate and its key: ${String(code)}`,
    ]);
  }
}

function readFile(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code');
    throw new ConfigurationError([`${name} cannot be read: ${typeof code === 'string' ? code : 'no file'}`]);
  }
}
