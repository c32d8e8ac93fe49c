import { ServedDocument } from '#http';
import { Module, type DynamicModule } from '@nestjs/common';
import { HealthController } from './health/health.controller.ts';
import { OpenApiController } from './openapi/openapi.controller.ts';

@Module({})
export class AdminModule {
  /** The controllers over whatever `wiring` exports as ADMIN_STATE. */
  static over(wiring: DynamicModule): DynamicModule {
    return {
      module: AdminModule,
      imports: [wiring],
      controllers: [HealthController, OpenApiController],
      providers: [ServedDocument],
    };
  }
}
