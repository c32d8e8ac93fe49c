const operations = new WeakMap<object, string>();

/** Where `@nestjs/swagger` looks for what `@ApiOperation` has said of a handler. */
const OPENAPI_OPERATION = 'swagger/apiOperation';

/**
 * Method decorator for Nest: the catalog operation that a handler carries out. `OncekeyNestGuard` wants tokens that
 * were judged as it, and the OpenAPI document of `@nestjs/swagger` has it as `operationId`, from which a catalog is
 * imported. Write it above `@ApiOperation`.
 */
export function Operation(id: string) {
  return (_target: object, _name: string | symbol, { value }: { readonly value?: unknown }): void => {
    if (typeof value !== 'function') throw new TypeError('@Operation is for methods');
    operations.set(value, id);
    const known: unknown = reflect('getMetadata', [OPENAPI_OPERATION, value]);
    const described = { ...(typeof known === 'object' ? known : {}), operationId: id };
    reflect('defineMetadata', [OPENAPI_OPERATION, described, value]);
  };
}

/** The operation that a handler was decorated with. */
export function operationOfHandler(handler: object): string | undefined {
  return operations.get(handler);
}

/** `reflect-metadata`, which every Nest application loads. Without it there is nobody to tell. */
function reflect(name: 'getMetadata' | 'defineMetadata', parameters: readonly unknown[]): unknown {
  const method: unknown = Reflect.get(Reflect, name);
  return typeof method === 'function' ? Reflect.apply(method, Reflect, parameters) : undefined;
}
