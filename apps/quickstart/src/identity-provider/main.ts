import './url-parse.ts';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { readChildSettings } from '../config.ts';
import { providerConfiguration } from './provider-configuration.ts';

/** The toy identity provider, a process of its own: the real oidc-provider on the loopback interface. */
const { issuer, port, clientId } = readChildSettings(['issuer', 'port', 'clientId']);
const provider = new Provider(issuer, providerConfiguration(clientId));
const handle = provider.callback();
const server = createServer((request, response) => void handle(request, response));
server.listen(Number(port), '127.0.0.1', () => process.send?.('ready'));
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
