import { ADMIN_PREFIX } from '#core';
import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IdentityProviderDto } from './identity-provider.dto.ts';
import { IdentityProviderRules } from './identity-provider-rules.ts';
import type { RegistrationKind } from './registration-kind.ts';
import { registrationRoutes } from './registration-routes.ts';
import { Registrations } from './registrations.ts';

const FILTERS = ['issuer'];

const DESCRIBED = {
  path: 'identity-providers',
  one: 'identity provider',
  filters: FILTERS,
  dto: IdentityProviderDto,
  example: { id: 'corp', issuer: 'https://login.example', groups_claim: 'groups', groups_prefix: 'corp:' },
};

@ApiTags('registrations')
@Controller(`${ADMIN_PREFIX}/identity-providers`)
export class IdentityProvidersController extends registrationRoutes(DESCRIBED) {
  protected readonly kind: RegistrationKind;

  constructor(
    @Inject(Registrations) protected readonly registrations: Registrations,
    @Inject(IdentityProviderRules) { problemsOf, examine, settle }: IdentityProviderRules,
  ) {
    super();
    const { path } = DESCRIBED;
    this.kind = {
      kind: 'identity_provider',
      path,
      idMember: 'id',
      filters: FILTERS,
      problemsOf,
      examine,
      settle,
    };
  }
}
