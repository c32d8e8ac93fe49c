import { documentOf, type DocumentFacts } from '#http';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AdminModule } from '../admin.module.ts';
import { partialWiring } from '../partial-wiring.ts';

const FACTS: DocumentFacts = {
  title: 'Oncekey admin',
  description: 'Administration of Oncekey. A process of its own, for a network of its own.',
  server: '/',
  tags: {
    registrations: 'what is trusted; takes effect at once',
    revocations: 'what is not trusted any more; takes effect at once',
    draft: 'what the next release will be; takes effect when it is published',
    releases: 'what decides',
    audit: 'what happened',
    reports: 'what is held and what is used',
    enrolment: 'the first admin',
    operations: 'for whoever runs the admin process',
  },
};

export function adminDocument(app: INestApplication): OpenAPIObject {
  return documentOf(app, FACTS);
}

/** The document without a running process: no database. */
export async function writeAdminDocument(): Promise<OpenAPIObject> {
  const app = await NestFactory.create(AdminModule.over(partialWiring()), new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  try {
    return adminDocument(app);
  } finally {
    await app.close();
  }
}
