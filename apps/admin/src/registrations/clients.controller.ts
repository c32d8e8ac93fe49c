import { ADMIN_PREFIX, readClient } from '#core';
import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { URI_RULES, type UriRules } from '../ports.ts';
import { ClientDto } from './client.dto.ts';
import type { RegistrationKind } from './registration-kind.ts';
import { problemsIn } from './problems-in.ts';
import { registrationRoutes } from './registration-routes.ts';
import { Registrations } from './registrations.ts';

const FILTERS = ['resource_server'];

const DESCRIBED = {
  path: 'clients',
  one: 'client',
  filters: FILTERS,
  dto: ClientDto,
  example: {
    client_id: 'support-desk',
    jwks: {
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          kid: '1',
          x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
          y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
        },
      ],
    },
    identity_providers: [{ id: 'corp', audiences: ['desk'] }],
    resource_servers: ['orders'],
  },
};

@ApiTags('registrations')
@Controller(`${ADMIN_PREFIX}/clients`)
export class ClientsController extends registrationRoutes(DESCRIBED) {
  protected readonly kind: RegistrationKind = {
    kind: 'client',
    path: DESCRIBED.path,
    idMember: 'client_id',
    filters: FILTERS,
    problemsOf: (document) => problemsIn(readClient(document, this.rules)),
  };

  constructor(
    @Inject(Registrations) protected readonly registrations: Registrations,
    @Inject(URI_RULES) private readonly rules: UriRules,
  ) {
    super();
  }
}
