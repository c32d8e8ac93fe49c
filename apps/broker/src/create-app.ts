import { MAX_FORM_BYTES } from '#core';
import {
  createHttpAdapter,
  keepPlaces,
  NestLogger,
  OAuthErrorFilter,
  ServedDocument,
  type ProcessMetrics,
} from '#http';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { BROKER, type Broker } from './broker.ts';
import { BrokerModule } from './broker.module.ts';
import type { Edge } from './edge.ts';
import type { Gate } from './gate.ts';
import { brokerDocument } from './openapi/broker-document.ts';
import { CROSS_ORIGIN } from './cross-origin.ts';
import { AUDITED } from './served-paths.ts';
import { WORDINGS } from './wordings.ts';

export interface AppParts {
  readonly wiring: DynamicModule;
  readonly edge: Edge;
  readonly gate: Gate;
  readonly log: Logger;
  readonly metrics: ProcessMetrics;
}

/** The public HTTP server, not listening yet. */
export async function createApp({
  wiring,
  edge,
  gate,
  log,
  metrics,
}: AppParts): Promise<NestFastifyApplication> {
  const { paths } = edge;
  let broker: Broker | null = null;
  const adapter = createHttpAdapter({
    paths,
    log,
    maxBodyBytes: MAX_FORM_BYTES,
    letsIn: (request, response) => gate.door.letsIn(request, response),
    crossOrigin: { ...CROSS_ORIGIN, isAllowed: (origin) => broker?.isBrowserOrigin(origin) ?? false },
    observe: (route, status, durationMs) => metrics.observeRequest(route, status, durationMs),
  });
  const fastify = adapter.getInstance();
  const { admission, door, routes } = gate;
  keepPlaces(fastify, { admission, routes, overloaded: (route) => door.overloaded(route) });
  // A body is bytes, whatever its sender calls it: the form reader judges both.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const app = await NestFactory.create<NestFastifyApplication>(BrokerModule.over(wiring, edge), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(log),
  });
  const served = app.get<Broker>(BROKER, { strict: false });
  broker = served;
  metrics.watchReadiness(() => served.readiness());
  app.useGlobalFilters(
    new OAuthErrorFilter({
      paths,
      log,
      audited: AUDITED,
      wordings: WORDINGS,
      onRefused: (request, reason) => gate.refused(request, reason),
      record: (type, refusal) => served.record(type, refusal),
    }),
  );
  app.get(ServedDocument).json = JSON.stringify(brokerDocument(app, edge.issuer));
  return app;
}
