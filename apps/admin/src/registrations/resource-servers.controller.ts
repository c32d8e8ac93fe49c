import { ADMIN_API_ID, ADMIN_PREFIX, AdminProblem, readResourceServer, UNSTORED } from '#core';
import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { URI_RULES, type UriRules } from '../ports.ts';
import { ResourceServerDto } from './resource-server.dto.ts';
import type { RegistrationKind } from './registration-kind.ts';
import { problemsIn } from './problems-in.ts';
import { registrationRoutes } from './registration-routes.ts';
import { Registrations } from './registrations.ts';

const FILTERS = ['binding', 'proof'];

const DESCRIBED = {
  path: 'resource-servers',
  one: 'resource server',
  filters: FILTERS,
  dto: ResourceServerDto,
  example: {
    id: 'orders',
    client_id: 'orders-api',
    resource: 'https://api.example/v1',
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
  },
};

@ApiTags('registrations')
@Controller(`${ADMIN_PREFIX}/resource-servers`)
export class ResourceServersController extends registrationRoutes(DESCRIBED) {
  protected readonly kind: RegistrationKind = {
    kind: 'resource_server',
    path: DESCRIBED.path,
    idMember: 'id',
    filters: FILTERS,
    // The number is given by the database, and not by the document.
    problemsOf: (document) => problemsIn(readResourceServer(document, UNSTORED, this.rules)),
    examine: async ({ id }) => refuseOwn(id),
  };

  constructor(
    @Inject(Registrations) protected readonly registrations: Registrations,
    @Inject(URI_RULES) private readonly rules: UriRules,
  ) {
    super();
  }
}

/** The admin process registers its own API and keys, each time that it starts. */
function refuseOwn(id: string): void {
  if (id !== ADMIN_API_ID) return;
  throw new AdminProblem('admin.invalid', [
    { detail: 'is registered by the admin process alone', pointer: '#/id' },
  ]);
}
