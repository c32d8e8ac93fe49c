// A job of GitHub Actions deploys, and holds no secret: GitHub vouches for it, once to the broker as the client that it
// is, once as the one on whose behalf the call is made. What it then has is good for this one call.
import { createOncekeyClient, explain, OncekeyError } from '@oncekey/client';
import { githubActionsToken } from '@oncekey/client/node';

const { ONCEKEY_ISSUER: issuer, DEPLOY_API: api, VERSION: version } = process.env;

const oncekey = createOncekeyClient({
  issuer,
  clientId: 'shop-release',
  clientToken: githubActionsToken(process.env, { audience: issuer }),
  subjectToken: githubActionsToken(process.env, { audience: 'shop-release' }),
  resources: [api],
});

try {
  const response = await oncekey.fetch(`${api}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version }),
  });
  console.log(response.status, await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch (failure) {
  if (!(failure instanceof OncekeyError)) throw failure;
  console.error(`${failure.message}: ${explain(failure).remedy}`);
  process.exitCode = 1;
}
