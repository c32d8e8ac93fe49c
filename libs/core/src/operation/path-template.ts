/** A path template: literal segments and `{name}` for exactly one segment that is not empty. */
export interface PathTemplate {
  readonly text: string;
  readonly segments: readonly ({ literal: string } | { parameter: string })[];
}

const PARAMETER = /^\{([a-z][A-Za-z0-9_]{0,63})\}$/;
const LITERAL = /^[A-Za-z0-9\-._~!$&'()*+,=:@%]*$/;

/** Reads `/orders/{id}/refund`. Null when it is no absolute path of literals and distinct parameters. */
export function readPathTemplate(text: string): PathTemplate | null {
  if (!text.startsWith('/') || text.length > 512) return null;
  const segments: ({ literal: string } | { parameter: string })[] = [];
  const names = new Set<string>();
  for (const segment of text.slice(1).split('/')) {
    const parameter = PARAMETER.exec(segment)?.[1];
    if (parameter === undefined) {
      if (!LITERAL.test(segment)) return null;
      segments.push({ literal: segment });
    } else {
      if (names.has(parameter)) return null;
      names.add(parameter);
      segments.push({ parameter });
    }
  }
  return { text, segments };
}

/** The parameters of `path` by name, percent-encoded as they came; null when the template does not match. */
export function matchPath(template: PathTemplate, path: string): Readonly<Record<string, string>> | null {
  const given = path.slice(1).split('/');
  if (given.length !== template.segments.length) return null;
  const parameters: Record<string, string> = {};
  for (const [at, segment] of template.segments.entries()) {
    const value = given[at] ?? '';
    if ('literal' in segment) {
      if (segment.literal !== value) return null;
    } else {
      if (value === '') return null;
      parameters[segment.parameter] = value;
    }
  }
  return parameters;
}

/** Names of a template's parameters, in order. */
export function parametersOf(template: PathTemplate): readonly string[] {
  return template.segments.flatMap((segment) => ('parameter' in segment ? [segment.parameter] : []));
}
