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
import { servedPaths } from './served-paths.ts';

/** Policies and catalogs are texts: larger than a form, and still small. */
const MAX_BODY_BYTES = 1_048_576;

/** The private HTTP server, not listening yet. `adminUrl`: where callers find it. */
export async function createApp(
  wiring: DynamicModule,
  adminUrl: string,
  log: Logger,
): Promise<NestFastifyApplication> {
  const paths = new ExactPaths(servedPaths(adminUrl));
  const adapter = createHttpAdapter({ paths, log, maxBodyBytes: MAX_BODY_BYTES });
  const fastify = adapter.getInstance();
  // A body is bytes until its token is spent: the guard holds its digest against them, and reads it only then.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const app = await NestFactory.create<NestFastifyApplication>(AdminModule.over(wiring), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(log),
  });
  app.useGlobalPipes(bodyValidation());
  app.useGlobalFilters(new ProblemFilter({ paths, log }));
  app.get(ServedDocument).json = JSON.stringify(adminDocument(app));
  return app;
}
