import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import { graphql } from './generated/index.ts';
import type { Asking } from './session.ts';

const VIEWER = graphql(`
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
  /** Whether the service would allow it. False until it has answered. */
  may(scope: Scope): boolean;
};

const ViewerContext = createContext<Viewer>({ name: undefined, may: () => false });

/** Who is there, and what they may do: `const { may } = useViewer()`. */
export const useViewer = (): Viewer => useContext(ViewerContext);

export type ViewerProviderProps = { asking: Asking; children: ReactNode };

/** Asks the service who is there, and once more after another credential was given, for all that is inside. */
export function ViewerProvider({ asking, children }: ViewerProviderProps) {
  const [{ data }, again] = useQuery({ query: VIEWER });
  const before = useRef(asking);
  useEffect(() => {
    if (before.current === 'again' && asking === 'not') again({ requestPolicy: 'network-only' });
    before.current = asking;
  }, [asking, again]);
  const scopes = new Set(data?.viewer.scopes);
  return (
    <ViewerContext value={{ name: data?.viewer.name, may: (scope) => scopes.has(scope) }}>
      {children}
    </ViewerContext>
  );
}
