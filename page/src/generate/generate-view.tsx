import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useState } from 'react';
import { useQuery } from 'urql';
import { Problem } from '../api/problem.tsx';
import { nameOf } from '../parts/names.ts';
import { NoSuchCertificate } from '../parts/no-such-certificate.tsx';
import { View } from '../shell/view.tsx';
import { GenerateForm } from './generate-form.tsx';
import { WHERE_TO_GENERATE } from './generate-query.ts';
import { Generated, type NewCertificate } from './generated.tsx';

/** A new certificate; with `replaces` in the address, for one to replace. */
export function GenerateView({ params }: { params: URLSearchParams }) {
  const replaces = params.get('replaces') ?? undefined;
  const [made, setMade] = useState<NewCertificate>();
  const [isAnother, setIsAnother] = useState(false);
  const [{ data, error, fetching }, again] = useQuery({
    query: WHERE_TO_GENERATE,
    variables: { replaces: replaces ?? '', isToReplace: replaces !== undefined },
    requestPolicy: 'network-only', // the form begins with it, and someone may have changed it
  });
  const [isRead, setIsRead] = useState(false);
  if (data && !error && !fetching && !isRead) setIsRead(true);
  const read = isRead ? data : undefined; // until then it may be what an earlier visit has read
  const old = read?.clientCertificate ?? undefined;
  const isForm = read && !made && (replaces === undefined || old);

  function beginAnew(): void {
    setIsAnother(true);
    setMade(undefined);
  }

  return (
    <View
      title="Generate a certificate"
      description={
        old
          ? `It is to replace ${nameOf(old)}, which stays as it is.`
          : 'AWS makes a key pair, keeps the private key, and signs a certificate for 365 days.'
      }
      takes={isForm ? ['client-certificates:write'] : []}
    >
      <SpaceBetween size="l">
        <Problem
          error={error}
          title="What is there could not be read"
          isPartial={Boolean(isForm)}
          onRetry={again}
        />
        {made && <Generated made={made} onAnother={beginAnew} />}
        {!read && !error && <Spinner size="large" />}
        {read && replaces !== undefined && !old && !made && !error && <NoSuchCertificate />}
        {isForm && (
          <GenerateForm places={read.accountRegions} old={old} hasFocus={isAnother} onMade={setMade} />
        )}
      </SpaceBetween>
    </View>
  );
}
