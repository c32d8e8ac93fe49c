import { UnprocessableEntityException, ValidationPipe, type ValidationError } from '@nestjs/common';

export interface BodyProblem {
  readonly detail: string;
  /** JSON pointer into the body, as a URI fragment. */
  readonly pointer: string;
}

/** A JSON body that is not what the endpoint takes. */
export class InvalidBody extends UnprocessableEntityException {
  constructor(readonly errors: readonly BodyProblem[]) {
    super();
  }
}

/**
 * Bodies against their DTO classes: a member that the class does not have is refused, not dropped.
 *
 * In     dto  where the type of the parameter does not say it
 */
export function bodyValidation(dto?: new () => object): ValidationPipe {
  return new ValidationPipe({
    ...(dto === undefined ? {} : { expectedType: dto }),
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    exceptionFactory: (errors) => new InvalidBody(errors.flatMap((error) => problemsOf(error, '#'))),
  });
}

function problemsOf(error: ValidationError, parent: string): BodyProblem[] {
  const pointer = `${parent}/${encodeURIComponent(error.property.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
  return [
    ...Object.values(error.constraints ?? {}).map((detail) => ({ detail, pointer })),
    ...(error.children ?? []).flatMap((child) => problemsOf(child, pointer)),
  ];
}
