import { ADMIN_PREFIX, AdminProblem, readRoleBinding, type AdminTransaction } from '#core';
import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { LOCKOUT, type Lockout } from '../ports.ts';
import { concernsCaller } from './concerns-caller.ts';
import { RoleBindingDto } from './role-binding.dto.ts';
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

const FILTERS = ['role', 'subject', 'group'];

const DESCRIBED = {
  path: 'role-bindings',
  one: 'role binding',
  filters: FILTERS,
  dto: RoleBindingDto,
  example: { id: 'ada-publishes', role: 'publisher', issuer: 'https://login.example', subject: 'ada' },
};

@ApiTags('registrations')
@Controller(`${ADMIN_PREFIX}/role-bindings`)
export class RoleBindingsController {
  private readonly kind: RegistrationKind = {
    kind: 'role_binding',
    path: DESCRIBED.path,
    idMember: 'id',
    filters: FILTERS,
    problemsOf: (document) => problemsIn(readRoleBinding(document)),
    settle: (transaction, change) => this.settle(transaction, change),
  };

  constructor(
    @Inject(Registrations) private readonly registrations: Registrations,
    @Inject(LOCKOUT) private readonly lockout: Lockout,
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
    @Body() body: RoleBindingDto,
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
    @Body() body: RoleBindingDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.registrations.replace(this.kind, { ...call, reply }, body);
  }

  @Delete(':id')
  @DescribeDelete(DESCRIBED)
  remove(@Change() call: ChangeCall, @Res() reply: FastifyReply): Promise<void> {
    return this.registrations.remove(this.kind, { ...call, reply });
  }

  private async settle(transaction: AdminTransaction, change: RegistrationChange): Promise<void> {
    if (concernsCaller(change)) throw new AdminProblem('admin.own_rights');
    await this.lockout.check(transaction, await transaction.roleBindings(), change.caller);
  }
}
