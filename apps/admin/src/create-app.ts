import {
  bodyValidation,
  createHttpAdapter,
  ExactPaths,
  NestLogger,
  ProblemFilter,
  ServedDocument,
} from '#http';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AdminModule } from './admin.module.ts';
import { adminDocument } from './openapi/admin-document.ts';
import { SERVED_PATHS } from './served-paths.ts';

/** Policies and catalogs are texts: larger than a form, and still small. */
const MAX_BODY_BYTES = 1_048_576;

/** The private HTTP server, not listening yet. */
export async function createApp(wiring: DynamicModule, log: Logger): Promise<NestFastifyApplication> {
  const paths = new ExactPaths(SERVED_PATHS);
  const adapter = createHttpAdapter({ paths, log, maxBodyBytes: MAX_BODY_BYTES });
  const app = await NestFactory.create<NestFastifyApplication>(AdminModule.over(wiring), adapter, {
    abortOnError: false,
    logger: new NestLogger(log),
  });
  app.useGlobalPipes(bodyValidation());
  app.useGlobalFilters(new ProblemFilter({ paths, log }));
  app.get(ServedDocument).json = JSON.stringify(adminDocument(app));
  return app;
}
