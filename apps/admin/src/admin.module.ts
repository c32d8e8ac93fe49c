import { ServedDocument } from '#http';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Approvals } from './approvals/approvals.ts';
import { ApprovalsController } from './approvals/approvals.controller.ts';
import { AdminCallGuard } from './calls/admin-call-guard.ts';
import { EnrolmentController } from './enrolment/enrolment.controller.ts';
import { EventPollsController } from './event-polls/event-polls.controller.ts';
import { HealthController } from './health/health.controller.ts';
import { OpenApiController } from './openapi/openapi.controller.ts';
import { PolicyLockout } from './policy/lockout.ts';
import { POLICY_CONTROLLERS, POLICY_PROVIDERS } from './policy-administration.ts';
import { LOCKOUT } from './ports.ts';
import { IdentityProviderRules } from './registrations/identity-provider-rules.ts';
import { REGISTRATION_CONTROLLERS } from './registrations/registration-controllers.ts';
import { Registrations } from './registrations/registrations.ts';
import { Revocations } from './revocations/revocations.ts';
import { RevocationsController } from './revocations/revocations.controller.ts';

@Module({})
export class AdminModule {
  /** The controllers over whatever `wiring` exports for the tokens of `ports.ts`. */
  static over(wiring: DynamicModule): DynamicModule {
    return {
      module: AdminModule,
      imports: [wiring],
      controllers: [
        HealthController,
        OpenApiController,
        EnrolmentController,
        ApprovalsController,
        RevocationsController,
        EventPollsController,
        ...REGISTRATION_CONTROLLERS,
        ...POLICY_CONTROLLERS,
      ],
      providers: [
        ServedDocument,
        Registrations,
        IdentityProviderRules,
        Approvals,
        Revocations,
        ...POLICY_PROVIDERS,
        { provide: LOCKOUT, useExisting: PolicyLockout },
        { provide: APP_GUARD, useClass: AdminCallGuard },
      ],
    };
  }
}
