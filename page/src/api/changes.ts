import type { Client } from '@urql/core';
import { useEffect } from 'react';
import { useClient } from 'urql';
import { graphql } from './generated/index.ts';
import { useViewer } from './viewer.tsx';

const CHANGED = graphql(`
  subscription ClientCertificatesChanged {
    clientCertificatesChanged {
      changes {
        globalId
      }
    }
  }
`);

/** What is read again by every query that is shown and has read one of these types. */
const CHANGING = ['ClientCertificate', 'ClientCertificateConnection', 'TrustBundle', 'ApiStageConnection'];

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** Reads what is shown again when certificates have changed, as long as the page can be seen. */
export function useChanges(): void {
  const client = useClient();
  const mayRead = useViewer().may('client-certificates:read');
  useEffect(() => (mayRead ? listen(client) : undefined), [client, mayRead]);
}

/** The result ends it. After an interruption everything is read once more, and the pauses between attempts double. */
function listen(client: Client): () => void {
  let pauseMs = FIRST_PAUSE_MS;
  /** Whether what is shown may be older than the subscription. */
  let isLate = false;
  let end = () => {};

  function begin(): void {
    const additionalTypenames = isLate ? [...CHANGING] : [];
    isLate = true;
    const { unsubscribe } = client
      .subscription(CHANGED, {}, { additionalTypenames })
      .subscribe(({ data, hasNext }) => {
        if (!hasNext) return beginLater();
        // the first event has no changes: what is shown was read at the same time
        if (data && additionalTypenames.length === 0) additionalTypenames.push(...CHANGING);
        pauseMs = FIRST_PAUSE_MS;
      });
    end = unsubscribe;
  }

  function beginLater(): void {
    const timer = setTimeout(begin, pauseMs);
    end = () => clearTimeout(timer);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }

  function onVisibility(): void {
    end();
    end = () => {};
    if (!document.hidden) begin();
  }

  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    end();
  };
}
