import type { AdminAccount } from '../administration/open-admin.ts';
import { listAll } from '../administration/list-all.ts';
import { Failure } from '../failure.ts';
import { readIdTokenClaims } from '../signing-in/read-id-token.ts';

/** Whoever probes, as the identity provider that is registered knows them. */
export interface Prober {
  readonly issuer: string;
  readonly subject: string;
  readonly provider: { readonly id: string; readonly audience: string };
}

/** Fails  Failure when the identity provider of the admin is not registered */
export async function findProber({ admin, subjectToken }: AdminAccount): Promise<Prober> {
  const claims = readIdTokenClaims(await subjectToken());
  const issuer = claims.text('iss');
  const [provider] = await listAll(admin, { path: '/identity-providers', query: { issuer } });
  if (provider === undefined) throw new Failure(`${issuer} is no identity provider that is registered`);
  const audience = claims.text('aud') || (claims.texts('aud')[0] ?? '');
  return { issuer, subject: claims.text('sub'), provider: { id: provider.text('id'), audience } };
}
