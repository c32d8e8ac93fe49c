import { ADMIN_API_ID, ADMIN_PREFIX, AdminProblem, readResourceServer, UNSTORED } from '#core';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { URI_RULES, type UriRules } from '../ports.ts';
import { ResourceServerDto } from './resource-server.dto.ts';
import {
  DescribeCreate,
  DescribeDelete,
  DescribeList,
  DescribeRead,
  DescribeReplace,
} from './describe-registrations.ts';
import type { RegistrationKind } from './registration-kind.ts';
import { problemsIn } from './problems-in.ts';
import { Change, Creation, type ChangeCall, type CreateCall } from './registration-call.ts';
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
export class ResourceServersController {
  private readonly kind: RegistrationKind = {
    kind: 'resource_server',
    path: DESCRIBED.path,
    idMember: 'id',
    filters: FILTERS,
    // The number is given by the database, and not by the document.
    problemsOf: (document) => problemsIn(readResourceServer(document, UNSTORED, this.rules)),
    examine: async ({ id }) => refuseOwn(id),
  };

  constructor(
    @Inject(Registrations) private readonly registrations: Registrations,
    @Inject(URI_RULES) private readonly rules: UriRules,
  ) {}

  @Get()
  @DescribeList(DESCRIBED)
  list(@Res() reply: FastifyReply): Promise<void> {
    return this.registrations.list(this.kind, reply);
  }

  @Post()
  @DescribeCreate(DESCRIBED)
  create(
    @Creation() call: CreateCall,
    @Body() body: ResourceServerDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.registrations.create(this.kind, { ...call, reply }, body);
  }

  @Get(':id')
  @DescribeRead(DESCRIBED)
  read(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.read(this.kind, id, reply);
  }

  @Put(':id')
  @DescribeReplace(DESCRIBED)
  replace(
    @Change() call: ChangeCall,
    @Body() body: ResourceServerDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.registrations.replace(this.kind, { ...call, reply }, body);
  }

  @Delete(':id')
  @DescribeDelete(DESCRIBED)
  remove(@Change() call: ChangeCall, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.remove(this.kind, { ...call, reply });
  }
}

/** The admin process registers its own API and keys, each time that it starts. */
function refuseOwn(id: string): void {
  if (id !== ADMIN_API_ID) return;
  throw new AdminProblem('admin.invalid', [
    { detail: 'is registered by the admin process alone', pointer: '#/id' },
  ]);
}
