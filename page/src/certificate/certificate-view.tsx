import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from 'urql';
import { Problem } from '../api/problem.tsx';
import { useReading } from '../api/readings.ts';
import { nameOf } from '../parts/names.ts';
import { IncompleteIndex } from '../parts/stage-index.tsx';
import { readAt, StaleReading } from '../parts/stale-reading.tsx';
import { TrustBundle } from '../parts/trust-bundle.tsx';
import { hrefTo } from '../shell/route.ts';
import { View } from '../shell/view.tsx';
import { Actions } from './actions.tsx';
import { CERTIFICATE } from './certificate-query.ts';
import { Facts } from './facts.tsx';
import { Pem } from './pem.tsx';
import { Stages } from './stages.tsx';
import { TagsEditor } from './tags-editor.tsx';

/** One certificate, by its global id: what it is, where it is used, what backends need, and what can be done with it. */
export function CertificateView({ id }: { id: string }) {
  const [{ data, error, fetching }, again] = useQuery({
    query: CERTIFICATE,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const reading = useReading('Certificate');
  const certificate = data?.clientCertificate;
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

const NoSuchCertificate = () => (
  <Alert type="warning" header="There is no such certificate">
    <Box>It may have been deleted meanwhile, or the address is wrong.</Box>
    <Link href={hrefTo.certificates()}>All certificates</Link>
  </Alert>
);
