import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { applyDecorators } from '@nestjs/common';

/** A form body, as both POST endpoints take it. */
export function RequestForm(schema: object, example: object): MethodDecorator {
  return applyDecorators(
    ApiConsumes('application/x-www-form-urlencoded'),
    ApiBody({ schema: { ...schema, example } }),
  );
}
