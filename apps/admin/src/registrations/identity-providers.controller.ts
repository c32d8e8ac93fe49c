import { ADMIN_PREFIX } from '#core';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { IdentityProviderDto } from './identity-provider.dto.ts';
import { IdentityProviderRules } from './identity-provider-rules.ts';
import {
  DescribeCreate,
  DescribeDelete,
  DescribeList,
  DescribeRead,
  DescribeReplace,
} from './describe-registrations.ts';
import type { RegistrationKind } from './registration-kind.ts';
import { Change, Creation, type ChangeCall, type CreateCall } from './registration-call.ts';
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
export class IdentityProvidersController {
  private readonly kind: RegistrationKind;

  constructor(
    @Inject(Registrations) private readonly registrations: Registrations,
    @Inject(IdentityProviderRules) { problemsOf, examine, settle }: IdentityProviderRules,
  ) {
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

  @Get()
  @DescribeList(DESCRIBED)
  list(@Res() reply: FastifyReply): Promise<void> {
    return this.registrations.list(this.kind, reply);
  }

  @Post()
  @DescribeCreate(DESCRIBED)
  create(
    @Creation() call: CreateCall,
    @Body() body: IdentityProviderDto,
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
    @Body() body: IdentityProviderDto,
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
