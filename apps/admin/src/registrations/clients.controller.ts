import { ADMIN_PREFIX, readClient } from '#core';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { URI_RULES, type UriRules } from '../ports.ts';
import { ClientDto } from './client.dto.ts';
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
export class ClientsController {
  private readonly kind: RegistrationKind = {
    kind: 'client',
    path: DESCRIBED.path,
    idMember: 'client_id',
    filters: FILTERS,
    problemsOf: (document) => problemsIn(readClient(document, this.rules)),
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
  create(@Creation() call: CreateCall, @Body() body: ClientDto, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.create(this.kind, { ...call, reply }, body);
  }

  @Get(':id')
  @DescribeRead(DESCRIBED)
  read(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.read(this.kind, id, reply);
  }

  @Put(':id')
  @DescribeReplace(DESCRIBED)
  replace(@Change() call: ChangeCall, @Body() body: ClientDto, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.replace(this.kind, { ...call, reply }, body);
  }

  @Delete(':id')
  @DescribeDelete(DESCRIBED)
  remove(@Change() call: ChangeCall, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.remove(this.kind, { ...call, reply });
  }
}
