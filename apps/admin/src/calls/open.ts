import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const OPEN = 'oncekey:open';

/** A route that needs no token: health, the OpenAPI document, the enrolment of the first admin. */
export function Open(): CustomDecorator {
  return SetMetadata(OPEN, true);
}
