/** One variable of the environment, as an operator reads about it. */
export interface Variable {
  readonly name: string;
  /** A sentence without full stop. */
  readonly means: string;
  /** What holds when it is not set; null when there is nothing. */
  readonly fallback: string | null;
  /** Its value must never be printed. */
  readonly secret: boolean;
}

type ConfigurationClass = abstract new () => object;

const declared = new Map<object, Map<string, Variable>>();

/** Says from which variable a property of a configuration class is read. */
export function FromEnvironment(
  variable: Pick<Variable, 'name' | 'means'> & Partial<Variable>,
): PropertyDecorator {
  return (prototype, property) => {
    const variables = declared.get(prototype) ?? new Map<string, Variable>();
    declared.set(prototype, variables);
    variables.set(String(property), { fallback: null, secret: false, ...variable });
  };
}

/** The variables of a configuration class by property, those that it inherits first. */
export function variablesOf(configuration: ConfigurationClass): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  const lineage: object[] = [];
  for (
    let prototype: unknown = configuration.prototype;
    typeof prototype === 'object' && prototype !== null;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    lineage.unshift(prototype);
  }
  for (const prototype of lineage) {
    for (const [property, variable] of declared.get(prototype) ?? []) found.set(property, variable);
  }
  return found;
}
