import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../api/generated/index.ts';
import { Problem } from '../api/problem.tsx';
import { useViewer } from '../api/viewer.tsx';
import { Refusal, type Refused } from '../parts/refusal.tsx';
import { areSendable, inputOf, type Tag, TagsField } from '../parts/tags-field.tsx';
import type { Certificate } from './certificate.ts';

const TAG = graphql(`
  mutation Tag($input: TagClientCertificateInput!) {
    tagClientCertificate(input: $input) {
      __typename
      ... on TagClientCertificatePayload {
        clientCertificate {
          id
        }
      }
      ...Refused
    }
  }
`);

const UNTAG = graphql(`
  mutation Untag($input: UntagClientCertificateInput!) {
    untagClientCertificate(input: $input) {
      __typename
      ... on UntagClientCertificatePayload {
        clientCertificate {
          id
        }
      }
      ...Refused
    }
  }
`);

/** The tags of a certificate. Only what was changed is sent: first what is new, then the keys that are gone. */
export function TagsEditor({ certificate: { id, tags: before } }: { certificate: Certificate }) {
  const { may, disabledWithout } = useViewer();
  const [edited, setEdited] = useState<Tag[]>();
  const tags = edited ?? inputOf(before);
  const [refused, setRefused] = useState<Refused>();
  const [tagging, tag] = useMutation(TAG);
  const [untagging, untag] = useMutation(UNTAG);
  const mayChange = may('client-certificates:write');
  const changed = tags.filter(({ key, value }) => before.find((old) => old.key === key)?.value !== value);
  const gone = before.map(({ key }) => key).filter((key) => !tags.some((kept) => kept.key === key));
  const isChanged = changed.length + gone.length > 0;

  async function save(): Promise<void> {
    setRefused(undefined);
    if (changed.length > 0) {
      const { data } = await tag({ input: { id, tags: changed } });
      const result = data?.tagClientCertificate;
      if (result?.__typename !== 'TagClientCertificatePayload') return setRefused(result);
    }
    if (gone.length > 0) {
      const { data } = await untag({ input: { id, tagKeys: gone } });
      const result = data?.untagClientCertificate;
      if (result?.__typename !== 'UntagClientCertificatePayload') return setRefused(result);
    }
    setEdited(undefined);
  }

  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={!isChanged} onClick={() => setEdited(undefined)}>
                Reset
              </Button>
              <Button
                disabled={!isChanged || !areSendable(tags)}
                {...disabledWithout('client-certificates:write')}
                loading={tagging.fetching || untagging.fetching}
                onClick={save}
              >
                Save tags
              </Button>
            </SpaceBetween>
          }
        >
          Tags
        </Header>
      }
    >
      <SpaceBetween size="m">
        <TagsField tags={tags} isDisabled={!mayChange} onChange={setEdited} />
        <Refusal title="The tags were not saved" refused={refused} />
        <Problem error={tagging.error ?? untagging.error} title="The tags were not saved" />
      </SpaceBetween>
    </Container>
  );
}
