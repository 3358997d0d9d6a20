import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from 'urql';
import { Problem } from '../api/problem.tsx';
import { readingOf } from '../api/readings.ts';
import { nameOf } from '../parts/names.ts';
import { NoSuchCertificate } from '../parts/no-such-certificate.tsx';
import { IncompleteIndex } from '../parts/stage-index.tsx';
import { readAt, StaleReading } from '../parts/stale-reading.tsx';
import { TrustBundle } from '../parts/trust-bundle.tsx';
import { View } from '../shell/view.tsx';
import { Actions } from './actions.tsx';
import { CERTIFICATE } from './certificate-query.ts';
import { Facts } from './facts.tsx';
import { Pem } from './pem.tsx';
import { Stages } from './stages.tsx';
import { TagsEditor } from './tags-editor.tsx';

/** One certificate, by its global id: what it is, where it is used, what backends need, and what can be done with it. */
export function CertificateView({ id }: { id: string }) {
  const [{ data, extensions, error, fetching }, again] = useQuery({
    query: CERTIFICATE,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const certificate = data?.clientCertificate;
  const reading = readingOf(extensions, certificate);
  if (!certificate)
    return (
      <View title="Certificate">
        {fetching && !error && <Spinner size="large" />}
        <Problem error={error} title="The certificate could not be read" onRetry={again} />
        {data && !error && !fetching && <NoSuchCertificate />}
      </View>
    );
  return (
    <View
      title={nameOf(certificate)}
      description={readAt(reading)}
      actions={<Actions certificate={certificate} />}
      takes={['client-certificates:write']}
    >
      <SpaceBetween size="l">
        <Problem error={error} title="The certificate could not be read" isPartial onRetry={again} />
        <StaleReading reading={reading} />
        <IncompleteIndex index={certificate.stages.index} />
        <Facts certificate={certificate} />
        <Stages certificate={certificate} />
        <TagsEditor certificate={certificate} />
        <Pem certificate={certificate} />
        <TrustBundle place={certificate} />
      </SpaceBetween>
    </View>
  );
}
