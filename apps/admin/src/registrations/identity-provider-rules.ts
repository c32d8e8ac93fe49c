import { AdminProblem, readIdentityProvider, type AdminTransaction } from '#core';
import { Inject, Injectable } from '@nestjs/common';
import {
  LOCKOUT,
  PROVIDER_CHECK,
  URI_RULES,
  type Lockout,
  type ProviderCheck,
  type UriRules,
} from '../ports.ts';
import { problemsIn } from './problems-in.ts';
import type { RegistrationChange, RegistrationKind } from './registration-kind.ts';

/** What has to hold before an identity provider is believed, and before it goes. */
@Injectable()
export class IdentityProviderRules implements Pick<RegistrationKind, 'problemsOf' | 'examine' | 'settle'> {
  constructor(
    @Inject(PROVIDER_CHECK) private readonly check: ProviderCheck,
    @Inject(LOCKOUT) private readonly lockout: Lockout,
    @Inject(URI_RULES) private readonly rules: UriRules,
  ) {}

  readonly problemsOf: RegistrationKind['problemsOf'] = (document) =>
    problemsIn(readIdentityProvider(document, this.rules));

  /** It has to be there and to name itself so. One that is kept and not used may be away. */
  readonly examine = async ({ after, enabled }: RegistrationChange): Promise<void> => {
    const issuer = after?.['issuer'];
    if (typeof issuer !== 'string' || !enabled) return;
    const fault = await this.check.faultOf(issuer);
    if (fault !== null) throw new AdminProblem('admin.invalid', [{ detail: fault, pointer: '#/issuer' }]);
  };

  /** Whom only this provider can sign in holds no role without it. */
  readonly settle = async (transaction: AdminTransaction, change: RegistrationChange): Promise<void> => {
    const lost = change.before?.['issuer'];
    if (lost === undefined || (change.enabled && change.after?.['issuer'] === lost)) return;
    const bindings = await transaction.roleBindings();
    await this.lockout.check(
      transaction,
      bindings.filter(({ holder }) => 'group' in holder || holder.issuer !== lost),
      change.caller,
    );
  };
}
