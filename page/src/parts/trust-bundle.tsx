import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../api/generated/index.ts';
import { Problem } from '../api/problem.tsx';
import { BACKENDS, type Backend } from './backends.ts';
import { count, placeOf } from './names.ts';
import { TextFile } from './text-file.tsx';

const TRUST_BUNDLE = graphql(`
  query Bundle($filter: ClientCertificateFilter, $format: TrustBundleFormat!) {
    trustBundle(filter: $filter) {
      sha256
      text(format: $format)
      clientCertificates {
        id
      }
    }
  }
`);

export type TrustBundleProps = { place: { account: string | null; region: string } };

const OPTIONS = BACKENDS.map(({ name }, index) => ({ value: `${index}`, label: name }));

/** What backends have to trust in an account and region: the certificates that have not expired, in the form that a backend reads. */
export function TrustBundle({ place }: TrustBundleProps) {
  const [chosen, setChosen] = useState(0);
  const backend = BACKENDS[chosen] ?? BACKENDS[0];
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`All certificates of ${placeOf(place)} that have not expired, so that old and new ones are trusted side by side.`}
        >
          What backends have to trust
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label="Backend">
          <Select
            selectedOption={OPTIONS[chosen] ?? null}
            options={OPTIONS}
            onChange={({ detail }) => setChosen(Number(detail.selectedOption.value))}
          />
        </FormField>
        {backend.warning && <Alert type="warning">{backend.warning}</Alert>}
        <Bundle key={backend.name} place={place} backend={backend} />
        {backend.snippet && (
          <ExpandableSection headerText={`How ${backend.name} uses it`}>
            <TextFile
              name={`${backend.file}.example`}
              label={`the example for ${backend.name}`}
              text={backend.snippet}
            />
          </ExpandableSection>
        )}
      </SpaceBetween>
    </Container>
  );
}

/** The file for one backend. Its `key` says for which, so that it never shows that of the one before. */
function Bundle({ place: { account, region }, backend }: TrustBundleProps & { backend: Backend }) {
  const filter = { regions: [region], ...(account !== null && { accounts: [account] }) };
  const [{ data, error, fetching, stale }, again] = useQuery({
    query: TRUST_BUNDLE,
    variables: { filter, format: backend.format },
    requestPolicy: 'network-only', // an old one, which may lack a certificate, must not get to a backend
  });
  const bundle = error || fetching ? undefined : data?.trustBundle; // what is there then may be of an earlier visit
  return (
    <>
      <Problem error={error} title="The bundle could not be made" onRetry={again} />
      {fetching && <Spinner />}
      {bundle && (
        <SpaceBetween size="m">
          <TextFile name={backend.file} label={`the trust bundle for ${backend.name}`} text={bundle.text} />
          {stale ? (
            <StatusIndicator type="loading">
              Certificates may have changed: the bundle is made anew.
            </StatusIndicator>
          ) : (
            <div>
              {count(bundle.clientCertificates.length, 'certificate')}. SHA-256 of the bundle as PEM:{' '}
              {bundle.sha256}
            </div>
          )}
        </SpaceBetween>
      )}
    </>
  );
}
