import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { Problem } from '../api/problem.tsx';
import { readingOf } from '../api/readings.ts';
import { nameOf } from '../parts/names.ts';
import { NoSuchCertificate } from '../parts/no-such-certificate.tsx';
import { IncompleteIndex } from '../parts/stage-index.tsx';
import { readAt, StaleReading } from '../parts/stale-reading.tsx';
import { hrefTo } from '../shell/route.ts';
import { View } from '../shell/view.tsx';
import { REPLACEMENT } from './replace-query.ts';
import { Steps } from './steps.tsx';

/** How long the service is left to read more stages. */
const READ_MORE_MS = 5000;

/**
 * Replacing the certificate with this global id, step by step. What is done is what AWS says, so that it can be gone on with after a
 * reload, tomorrow, or by a colleague; the fingerprint that the backends trust is in the address.
 */
export function ReplaceView({ id, params }: { id: string; params: URLSearchParams }) {
  const [{ data, extensions, error, fetching }, again] = useQuery({
    query: REPLACEMENT,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const reading = readingOf(extensions, data);
  const old = data?.clientCertificate;
  useEffect(() => {
    if (data?.clientCertificate?.stages.index.complete !== false) return undefined;
    const timer = setTimeout(() => again({ requestPolicy: 'network-only' }), READ_MORE_MS);
    return () => clearTimeout(timer);
  }, [data, again]);
  return (
    <View
      title={old ? `Replace ${nameOf(old)}` : 'Replace a certificate'}
      description={readAt(reading)}
      actions={old && <Link href={hrefTo.certificate(old.id)}>Show the certificate</Link>}
      takes={old ? ['client-certificates:write', 'stages:write'] : []}
    >
      <SpaceBetween size="l">
        <Problem
          error={error}
          title="The replacement could not be read"
          isPartial={Boolean(old)}
          onRetry={again}
        />
        <StaleReading reading={reading} />
        {!data && fetching && <Spinner size="large" />}
        {data && !old && !error && (
          <NoSuchCertificate>
            It was deleted, which is the last step of replacing it, or the address is wrong.
          </NoSuchCertificate>
        )}
        {old && <IncompleteIndex index={old.stages.index} />}
        {old && (
          <Steps
            old={old}
            trusted={params.get('trusted') ?? ''}
            onChange={() => again({ requestPolicy: 'network-only' })}
          />
        )}
      </SpaceBetween>
    </View>
  );
}
