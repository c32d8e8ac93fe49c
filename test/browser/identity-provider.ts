import '../../apps/quickstart/src/identity-provider/url-parse.ts';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { providerConfiguration } from '../../apps/quickstart/src/identity-provider/provider-configuration.ts';

/** The toy identity provider for a page: port, client id and redirect URI are its arguments. */
const [port = '', clientId = '', redirectUri = ''] = process.argv.slice(2);
const toy = providerConfiguration(clientId);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  ...toy,
  clients: (toy.clients ?? []).map((client) => ({
    ...client,
    redirect_uris: [redirectUri],
    // Native applications are asked for consent at each sign-in.
    application_type: 'web',
  })),
  clientBasedCORS: (_context, origin) => origin === new URL(redirectUri).origin,
});
const handle = provider.callback();
createServer((request, response) => void handle(request, response)).listen(Number(port), '127.0.0.1');
