// A cron job of Kubernetes closes the day. The kubelet keeps its two tokens fresh in files; there is nothing else that
// it could lose, and nothing that outlives the pod.
import { createOncekeyClient } from '@oncekey/client';
import { tokenFromFile } from '@oncekey/client/node';

const { ONCEKEY_ISSUER: issuer, LEDGER_API: api, TOKENS: folder = '/var/run/secrets/oncekey' } = process.env;

const oncekey = createOncekeyClient({
  issuer,
  clientId: 'nightly',
  clientToken: tokenFromFile(`${folder}/client`),
  subjectToken: tokenFromFile(`${folder}/subject`),
  resources: [api],
});

for (const book of ['sales', 'purchases']) {
  const response = await oncekey.fetch(`${api}/books/${book}/close`, { method: 'POST' });
  console.log(book, response.status);
  if (!response.ok) process.exitCode = 1;
}
