/** One path that is served. */
export interface ServedPath {
  /** As the controllers name it. */
  readonly route: string;
  /** As callers spell it; differs from `route` where the issuer has a path. */
  readonly path: string;
  readonly methods: readonly string[];
  /** Is a query refused? Parameters of a POST endpoint belong into its body, where no proxy logs them. */
  readonly refusesQuery: boolean;
}

/** Where requests go that no path fits. No controller serves it. */
export const NOWHERE = '/-';

/**
 * One spelling per path. Routers are lenient about case, escapes, slashes and what follows a semicolon; whoever
 * puts a rule on a path in front of us is not, and must be right. So the router never sees what a caller spelt.
 */
export class ExactPaths {
  private readonly byPath = new Map<string, ServedPath>();
  private readonly byRoute = new Map<string, ServedPath>();

  constructor(served: readonly ServedPath[]) {
    for (const one of served) {
      this.byPath.set(one.path, one);
      this.byRoute.set(one.route, one);
    }
  }

  /** The route for a request target, without its query. */
  routeOf(target: string): string {
    const question = target.indexOf('?');
    const served = this.byPath.get(question === -1 ? target : target.slice(0, question));
    return served?.route ?? NOWHERE;
  }

  served(route: string): ServedPath | null {
    return this.byRoute.get(route) ?? null;
  }
}
