import { ServedDocument } from '#http';
import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryController } from './discovery/discovery.controller.ts';
import { EDGE, type Edge } from './edge.ts';
import { ForwardAuthController } from './forward-auth/forward-auth.controller.ts';
import { HealthController } from './health/health.controller.ts';
import { IntrospectionController } from './introspection/introspection.controller.ts';
import { OpenApiController } from './openapi/openapi.controller.ts';
import { RevocationController } from './revocation/revocation.controller.ts';
import { SecurityEventController } from './security-event/security-event.controller.ts';
import { SubjectRevocationController } from './revocation/subject-revocation.controller.ts';
import { TokenController } from './token/token.controller.ts';

@Module({})
export class BrokerModule {
  /** The controllers over whatever `wiring` exports as BROKER. */
  static over(wiring: DynamicModule, edge: Edge): DynamicModule {
    return {
      module: BrokerModule,
      imports: [wiring],
      controllers: [
        TokenController,
        IntrospectionController,
        ForwardAuthController,
        RevocationController,
        SubjectRevocationController,
        SecurityEventController,
        DiscoveryController,
        HealthController,
        OpenApiController,
      ],
      providers: [{ provide: EDGE, useValue: edge }, ServedDocument],
    };
  }
}
