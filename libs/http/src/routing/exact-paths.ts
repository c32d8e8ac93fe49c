import { matchPath, readPathTemplate, type PathTemplate } from '#core';

/** One path that is served. */
export interface ServedPath {
  /** As the controllers name it; `{name}` stands for one segment. */
  readonly route: string;
  /** As callers spell it; differs from `route` where the issuer has a path. */
  readonly path: string;
  readonly methods: readonly string[];
  /** Is every path below it served by the same route too? Whoever serves it reads the rest as it came. */
  readonly withBelow?: boolean;
  /** Is a query refused? Parameters of a POST endpoint belong into its body, where no proxy logs them. */
  readonly refusesQuery: boolean;
}

/** Where requests go that no path fits. No controller serves it. */
export const NOWHERE = '/-';

interface ServedTemplate {
  readonly served: ServedPath;
  readonly path: PathTemplate;
  readonly route: PathTemplate;
}

/**
 * One spelling per path. Routers are lenient about case, escapes, slashes and what follows a semicolon; whoever
 * puts a rule on a path in front of us is not, and must be right. So the router never sees what a caller spelt.
 */
export class ExactPaths {
  private readonly byPath = new Map<string, ServedPath>();
  private readonly byRoute = new Map<string, ServedPath>();
  private readonly templates: ServedTemplate[] = [];
  private readonly withBelow: ServedPath[] = [];

  constructor(served: readonly ServedPath[]) {
    for (const one of served) {
      if (one.route.includes('{')) {
        this.templates.push({ served: one, path: template(one.path), route: template(one.route) });
      } else {
        this.byPath.set(one.path, one);
        this.byRoute.set(one.route, one);
        if (one.withBelow === true) this.withBelow.push(one);
      }
    }
  }

  /** The route for a request target, without its query; with the parameters as they came, where it has any. */
  routeOf(target: string): string {
    const question = target.indexOf('?');
    const path = question === -1 ? target : target.slice(0, question);
    const served = this.byPath.get(path);
    if (served !== undefined) return served.route;
    for (const one of this.templates) {
      const parameters = matchPath(one.path, path);
      if (parameters === null) continue;
      const isExact = Object.values(parameters).every(isExactSegment);
      return isExact ? fill(one.served.route, parameters) : NOWHERE;
    }
    return this.withBelow.find((one) => path.startsWith(`${one.path}/`))?.route ?? NOWHERE;
  }

  /** `route`: as `routeOf` answers it. */
  served(route: string): ServedPath | null {
    const fixed = this.byRoute.get(route);
    if (fixed !== undefined) return fixed;
    return this.templates.find((one) => matchPath(one.route, route) !== null)?.served ?? null;
  }
}

/**
 * Is a parameter spelt in the one way that there is for its value: everything but unreserved characters escaped, as
 * `encodeURIComponent` does? An escaped slash or NUL has no spelling at all: too many in between see something else.
 */
function isExactSegment(segment: string): boolean {
  try {
    const value = decodeURIComponent(segment);
    return value !== '.' && value !== '..' && !/[/\\\0]/.test(value) && encodeURIComponent(value) === segment;
  } catch {
    return false;
  }
}

function template(text: string): PathTemplate {
  const read = readPathTemplate(text);
  if (read === null) throw new Error(`${text} is no path template`);
  return read;
}

function fill(route: string, parameters: Readonly<Record<string, string>>): string {
  return route.replaceAll(/\{([^}]*)\}/g, (_, name: string) => parameters[name] ?? '');
}
