import './url-parse.ts';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { readChildSettings } from '../config.ts';
import { providerConfiguration } from './provider-configuration.ts';

/** The toy identity provider, a process of its own: the real oidc-provider on the loopback interface. */
const { issuer, port, clientId } = readChildSettings(['issuer', 'port', 'clientId']);
const provider = new Provider(issuer, providerConfiguration(clientId));
// A toy takes everybody at their word: whoever is asked to sign in in a certain way has done so.
provider.on('authorization.accepted', ({ oidc }) => {
  const asked = oidc.params?.['acr_values'];
  const acr = typeof asked === 'string' ? asked.split(' ')[0] : undefined;
  if (acr !== undefined && oidc.session) oidc.session.acr = acr;
});
const handle = provider.callback();
const server = createServer((request, response) => void handle(request, response));
server.listen(Number(port), '127.0.0.1', () => process.send?.('ready'));
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
