import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { type CombinedError, useQuery } from 'urql';
import { graphql } from './generated/index.ts';
import type { Asking } from './session.ts';

/** Who is there: what everyone may ask whom the service accepts. */
export const VIEWER = graphql(`
  query Viewer {
    viewer {
      name
      scopes
    }
  }
`);

/** What a caller can be allowed to do. */
export type Scope = 'client-certificates:read' | 'client-certificates:write' | 'stages:write';

/** The person as the service knows them. */
export type Viewer = {
  /** Undefined until the service has answered. */
  name: string | undefined;
  /** Whether the page asks for their credential now. */
  isAsked: boolean;
  /** Why the service has not answered, and how to ask once more. */
  problem: { error: CombinedError; again: () => void } | undefined;
  /** Whether the service would allow it. False until it has answered. */
  may(scope: Scope): boolean;
  /** For a control that needs the scope: whether it is disabled for want of it. The view says why, by its `takes`. */
  disabledWithout(scope: Scope): { disabled?: true; ariaDescribedby?: string };
};

/** The id of the element in which a view says which scopes are missing. */
export const MISSING_SCOPES = 'missing-scopes';

/** Why something is not possible without the scope. */
export const takesScope = (scope: Scope): string => `That takes the scope ${scope}.`;

function viewerOf(
  isAsked: boolean,
  name?: string,
  scopes: readonly string[] = [],
  problem?: Viewer['problem'],
): Viewer {
  const may = (scope: Scope) => scopes.includes(scope);
  return {
    name,
    isAsked,
    problem,
    may,
    disabledWithout: (scope) => (may(scope) ? {} : { disabled: true, ariaDescribedby: MISSING_SCOPES }),
  };
}

const ViewerContext = createContext<Viewer>(viewerOf(false));

/** Who is there, and what they may do: `const { may } = useViewer()`. */
export const useViewer = (): Viewer => useContext(ViewerContext);

export type ViewerProviderProps = { asking: Asking; children: ReactNode };

/** Asks the service who is there, and once more after another credential was given, for all that is inside. */
export function ViewerProvider({ asking, children }: ViewerProviderProps) {
  const [{ data, error }, again] = useQuery({ query: VIEWER });
  const before = useRef(asking);
  useEffect(() => {
    if (before.current === 'again' && asking === 'not') again({ requestPolicy: 'network-only' });
    before.current = asking;
  }, [asking, again]);
  const problem = error && { error, again: () => again({ requestPolicy: 'network-only' }) };
  return (
    <ViewerContext value={viewerOf(asking !== 'not', data?.viewer.name, data?.viewer.scopes, problem)}>
      {children}
    </ViewerContext>
  );
}
