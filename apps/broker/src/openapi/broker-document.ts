import { documentOf, type DocumentFacts } from '#http';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { BROKER } from '../broker.ts';
import { BrokerModule } from '../broker.module.ts';
import { edgeOf } from '../edge.ts';

function factsOf(issuer: string): DocumentFacts {
  return {
    title: 'Oncekey broker',
    description:
      'Trades a user’s identity, a device and the context of the moment for a token that permits one operation and works once.',
    server: issuer,
    tags: {
      oauth: 'tokens: given out, and spent',
      revocation: 'what identity providers tell, and take back',
      discovery: 'what the broker is called and what it speaks',
      operations: 'for whoever runs the broker',
    },
  };
}

export function brokerDocument(app: INestApplication, issuer: string): OpenAPIObject {
  return documentOf(app, factsOf(issuer));
}

class NothingBehind {}

/** The document without a running broker: no database, no keys. */
export async function writeBrokerDocument(issuer = 'https://broker.example'): Promise<OpenAPIObject> {
  const wiring = {
    module: NothingBehind,
    providers: [{ provide: BROKER, useValue: null }],
    exports: [BROKER],
  };
  const app = await NestFactory.create(
    BrokerModule.over(wiring, edgeOf({ issuer, trustedProxies: [], clientCertificateProxies: [] })),
    new FastifyAdapter(),
    { logger: false, abortOnError: false },
  );
  try {
    return brokerDocument(app, issuer);
  } finally {
    await app.close();
  }
}
