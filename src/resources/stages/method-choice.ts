import type { Resource } from '@aws-sdk/client-api-gateway';

/** The names that TestInvokeMethod takes, and what is to be known of the answer. */
export type ChosenMethod = {
  resourceId: string;
  /** `ANY` where the resource has no other for it. */
  httpMethod: string;
  path: string;
  /** Whether its answer is that of the backend. */
  isProxy: boolean;
};

/**
 * The method of an API that is called for a path: of several resources the one with the most literal path. Without a path it is the one
 * with the shortest path that has no parameters. Undefined if there is none that calls an HTTP backend.
 */
export function chooseMethod(
  resources: Resource[],
  method: string,
  path: string | undefined,
): ChosenMethod | undefined {
  const [pathname = ''] = (path ?? '').split('?');
  const candidates = resources
    .filter((resource) =>
      path === undefined ? !resource.path?.includes('{') : matches(resource.path, pathname),
    )
    .sort((a, b) => parametersOf(a.path) - parametersOf(b.path) || lengthOf(a.path) - lengthOf(b.path));
  for (const { id = '', path: own = '/', resourceMethods = {} } of candidates) {
    for (const httpMethod of [method, ...(method === 'GET' ? ['ANY'] : [])]) {
      const type = resourceMethods[httpMethod]?.methodIntegration?.type;
      if (type !== 'HTTP' && type !== 'HTTP_PROXY') continue;
      return { resourceId: id, httpMethod, path: path ?? own, isProxy: type === 'HTTP_PROXY' };
    }
  }
  return undefined;
}

const lengthOf = (path = '') => path.length;

/** A greedy one counts more than any others. */
const parametersOf = (path = '') => path.split('{').length - 1 + (path.includes('+}') ? 100 : 0);

/** `/orders/{id}` has one segment for each parameter, and `{proxy+}` has the rest. */
function matches(pattern: string | undefined, pathname: string): boolean {
  const wanted = segmentsOf(pattern ?? '');
  const given = segmentsOf(pathname);
  const isGreedy = wanted.at(-1)?.endsWith('+}') ?? false;
  if (isGreedy ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, i) => segment.startsWith('{') || segment === given[i]);
}

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');
