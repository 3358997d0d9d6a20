import type { Client } from '@urql/core';
import { useEffect } from 'react';
import { useClient } from 'urql';
import { graphql } from './generated/index.ts';
import type { ReadAgain } from './reading-again.ts';
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

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** Reads what is shown again when certificates have changed, as long as the page can be seen. */
export function useChanges(readAgain: ReadAgain): void {
  const client = useClient();
  const mayRead = useViewer().may('client-certificates:read');
  useEffect(() => (mayRead ? listen(client, readAgain) : undefined), [client, mayRead, readAgain]);
}

/** The result ends it. After an interruption everything is read once more, and the pauses between attempts double. */
function listen(client: Client, readAgain: ReadAgain): () => void {
  let pauseMs = FIRST_PAUSE_MS;
  /** Whether what is shown may be older than an event. */
  let isLate = false;
  let end = () => {};

  function begin(): void {
    const { unsubscribe } = client.subscription(CHANGED, {}).subscribe(({ data, error, hasNext }) => {
      if (!hasNext) return beginLater();
      if (!data || error) return;
      if (isLate) readAgain();
      isLate = true; // by the first event, what is shown was read at the same time
      pauseMs = FIRST_PAUSE_MS;
    });
    end = unsubscribe;
  }

  function beginLater(): void {
    isLate = true;
    const timer = setTimeout(begin, pauseMs);
    end = () => clearTimeout(timer);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }

  function onVisibility(): void {
    end();
    end = () => {};
    if (document.hidden) isLate = true;
    else begin();
  }

  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    end();
  };
}
