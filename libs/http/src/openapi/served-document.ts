import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** The OpenAPI document of the running process, serialised once. */
export class ServedDocument {
  json = '{}';
}

export interface DocumentFacts {
  readonly title: string;
  readonly description: string;
  readonly server: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Of all our APIs; raised when one of them changes in a way that callers notice. */
const API_VERSION = '0.1.0';

/** The document that the decorators of an application's controllers add up to. */
export function documentOf(app: INestApplication, facts: DocumentFacts): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle(facts.title)
    .setDescription(facts.description)
    .setVersion(API_VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(facts.server);
  for (const [tag, says] of Object.entries(facts.tags)) builder.addTag(tag, says);
  return SwaggerModule.createDocument(app, builder.build());
}
