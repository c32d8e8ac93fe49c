import { ADMIN_PREFIX, AdminProblem, readIdentityProvider, type AdminTransaction } from '#core';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  LOCKOUT,
  PROVIDER_CHECK,
  URI_RULES,
  type Lockout,
  type ProviderCheck,
  type UriRules,
} from '../ports.ts';
import { IdentityProviderDto } from './identity-provider.dto.ts';
import {
  DescribeCreate,
  DescribeDelete,
  DescribeList,
  DescribeRead,
  DescribeReplace,
} from './describe-registrations.ts';
import type { RegistrationChange, RegistrationKind } from './registration-kind.ts';
import { problemsIn } from './problems-in.ts';
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
  private readonly kind: RegistrationKind = {
    kind: 'identity_provider',
    path: DESCRIBED.path,
    idMember: 'id',
    filters: FILTERS,
    problemsOf: (document) => problemsIn(readIdentityProvider(document, this.rules)),
    examine: (change) => this.demandDiscovery(change),
    settle: (transaction, change) => this.demandAdmins(transaction, change),
  };

  constructor(
    @Inject(Registrations) private readonly registrations: Registrations,
    @Inject(PROVIDER_CHECK) private readonly check: ProviderCheck,
    @Inject(LOCKOUT) private readonly lockout: Lockout,
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

  /** A provider that is kept and not used may be away. */
  private async demandDiscovery({ after, enabled }: RegistrationChange): Promise<void> {
    const issuer = after?.['issuer'];
    if (typeof issuer !== 'string' || !enabled) return;
    const fault = await this.check.faultOf(issuer);
    if (fault !== null) throw new AdminProblem('admin.invalid', [{ detail: fault, pointer: '#/issuer' }]);
  }

  /** Whom only this provider can sign in holds no role without it. */
  private async demandAdmins(transaction: AdminTransaction, change: RegistrationChange): Promise<void> {
    const lost = change.before?.['issuer'];
    if (lost === undefined || (change.enabled && change.after?.['issuer'] === lost)) return;
    const bindings = await transaction.roleBindings();
    await this.lockout.check(bindings.filter(({ holder }) => 'group' in holder || holder.issuer !== lost));
  }
}
