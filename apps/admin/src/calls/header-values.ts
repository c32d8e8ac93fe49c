import { headerValues } from '#core';
import type { FastifyRequest } from 'fastify';

/** Every field of a header as it came, none joined or dropped; `name` in lower case. */
export function fieldsOf({ raw }: Pick<FastifyRequest, 'raw'>, name: string): readonly string[] {
  return headerValues({ rawHeaders: raw.rawHeaders }, name);
}
