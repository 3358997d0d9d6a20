import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useRef, useState } from 'react';
import { type CombinedError, useMutation } from 'urql';
import { CHANGES_CERTIFICATES } from '../api/changes-certificates.ts';
import { graphql } from '../api/generated/index.ts';
import { Problem } from '../api/problem.tsx';
import { useViewer } from '../api/viewer.tsx';
import { Refusal, type Refused } from '../parts/refusal.tsx';
import { NO_COMPLAINTS, splitOffTags } from '../parts/tag-complaints.ts';
import { areSendable, inputOf, type Tag, TagsField } from '../parts/tags-field.tsx';
import type { Certificate } from './certificate.ts';

const TAG = graphql(`
  mutation Tag($input: TagClientCertificateInput!) {
    tagClientCertificate(input: $input) {
      __typename
      ...Refused
    }
  }
`);

const UNTAG = graphql(`
  mutation Untag($input: UntagClientCertificateInput!) {
    untagClientCertificate(input: $input) {
      __typename
      ...Refused
    }
  }
`);

type Wrong = ReturnType<typeof splitOffTags> & {
  error: CombinedError | undefined;
  /** Whether the new ones were saved before. */
  isPart: boolean;
};

const NOTHING_WRONG: Wrong = { complaints: NO_COMPLAINTS, rest: undefined, error: undefined, isPart: false };

/**
 * The tags of a certificate. Only what the person has changed is sent: first what is new, then the keys that are gone; what someone else
 * changes meanwhile stays. What was saved stands in for what AWS says until that has been read again.
 */
export function TagsEditor({ certificate: { id, tags: read } }: { certificate: Certificate }) {
  const { may, disabledWithout } = useViewer();
  const [edited, setEdited] = useState<{ tags: Tag[]; insteadOf: readonly Tag[] }>();
  const [saved, setSaved] = useState<{ tags: Tag[]; insteadOf: readonly Tag[] }>();
  const [wrong, setWrong] = useState<Wrong>(NOTHING_WRONG);
  const [tagging, tag] = useMutation(TAG);
  const [untagging, untag] = useMutation(UNTAG);
  const lastRead = useRef(read);
  useEffect(() => {
    lastRead.current = read;
  }, [read]);
  const known = saved?.insteadOf === read ? saved.tags : read;
  const before = edited?.insteadOf ?? known;
  const tags = edited?.tags ?? inputOf(known);
  const changed = tags.filter(({ key, value }) => before.find((old) => old.key === key)?.value !== value);
  const gone = before.map(({ key }) => key).filter((key) => !tags.some((kept) => kept.key === key));
  const isChanged = changed.length + gone.length > 0;

  const tell = (result: Refused | undefined, error: CombinedError | undefined, isPart = false) =>
    setWrong({ ...splitOffTags(result, changed), error, isPart });

  async function save(): Promise<void> {
    setWrong(NOTHING_WRONG);
    if (changed.length > 0) {
      const { data, error } = await tag({ input: { id, tags: inputOf(changed) } }, CHANGES_CERTIFICATES);
      const result = data?.tagClientCertificate;
      if (result?.__typename !== 'TagClientCertificatePayload') return tell(result, error);
    }
    if (gone.length > 0) {
      const { data, error } = await untag({ input: { id, tagKeys: gone } }, CHANGES_CERTIFICATES);
      const result = data?.untagClientCertificate;
      if (result?.__typename !== 'UntagClientCertificatePayload')
        return tell(result, error, changed.length > 0);
    }
    setSaved({ tags, insteadOf: lastRead.current });
    setEdited((now) => (now && now !== edited ? { ...now, insteadOf: tags } : undefined)); // what was typed meanwhile stays
  }

  function reset(): void {
    setWrong(NOTHING_WRONG);
    setEdited(undefined);
  }

  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={!isChanged} onClick={reset}>
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
        <TagsField
          tags={tags}
          complaints={wrong.complaints}
          isDisabled={!may('client-certificates:write')}
          onChange={(changedTags) => setEdited({ tags: changedTags, insteadOf: before })}
        />
        <Refusal
          title={wrong.isPart ? 'Not all tags were saved' : 'The tags were not saved'}
          refused={wrong.rest}
        />
        <Problem error={wrong.error} title="It is not known whether the tags were saved" />
      </SpaceBetween>
    </Container>
  );
}
