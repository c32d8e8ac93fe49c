import { ADMIN_PREFIX, AdminProblem, readRoleBinding, type AdminTransaction } from '#core';
import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LOCKOUT, type Lockout } from '../ports.ts';
import { concernsCaller } from './concerns-caller.ts';
import { RoleBindingDto } from './role-binding.dto.ts';
import type { RegistrationChange, RegistrationKind } from './registration-kind.ts';
import { problemsIn } from './problems-in.ts';
import { registrationRoutes } from './registration-routes.ts';
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
export class RoleBindingsController extends registrationRoutes(DESCRIBED) {
  protected readonly kind: RegistrationKind = {
    kind: 'role_binding',
    path: DESCRIBED.path,
    idMember: 'id',
    filters: FILTERS,
    problemsOf: (document) => problemsIn(readRoleBinding(document)),
    settle: (transaction, change) => this.settle(transaction, change),
  };

  constructor(
    @Inject(Registrations) protected readonly registrations: Registrations,
    @Inject(LOCKOUT) private readonly lockout: Lockout,
  ) {
    super();
  }

  private async settle(transaction: AdminTransaction, change: RegistrationChange): Promise<void> {
    if (concernsCaller(change)) throw new AdminProblem('admin.own_rights');
    await this.lockout.check(transaction, await transaction.roleBindings(), change.caller);
  }
}
