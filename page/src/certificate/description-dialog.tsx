import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { CHANGES_CERTIFICATES } from '../api/changes-certificates.ts';
import { graphql } from '../api/generated/index.ts';
import { Problem } from '../api/problem.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { complaintAbout, Refusal, type Refused } from '../parts/refusal.tsx';
import type { Certificate } from './certificate.ts';

const UPDATE = graphql(`
  mutation Describe($input: UpdateClientCertificateInput!) {
    updateClientCertificate(input: $input) {
      __typename
      ...Refused
    }
  }
`);

type DescriptionDialogProps = { certificate: Certificate; onClose: () => void };

/** Asks for another description. Until the person types, it is the one that is read: the first may be of an earlier visit. */
export function DescriptionDialog({ certificate, onClose }: DescriptionDialogProps) {
  const { id } = certificate;
  const read = certificate.description ?? '';
  const [edited, setEdited] = useState<{ text: string; insteadOf: string }>();
  const description = edited?.text ?? read;
  const isChanged = edited && read !== edited.insteadOf && read !== edited.text;
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, update] = useMutation(UPDATE);

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    const { data } = await update({ input: { id, description } }, CHANGES_CERTIFICATES);
    const result = data?.updateClientCertificate;
    if (result?.__typename === 'UpdateClientCertificatePayload') onClose();
    else setRefused(result);
  }

  return (
    <Dialog header="Edit description" onClose={onClose}>
      <form onSubmit={save}>
        <SpaceBetween size="m">
          <FormField
            label="Description"
            description="Up to 1024 characters; empty removes it."
            errorText={complaintAbout('description', refused)}
            warningText={isChanged ? `Meanwhile it is “${read}”, which Save replaces.` : ''}
          >
            <Input
              autoFocus
              value={description}
              onChange={({ detail }) =>
                setEdited({ text: detail.value, insteadOf: edited?.insteadOf ?? read })
              }
            />
          </FormField>
          <Refusal title="The description was not saved" refused={refused} fields={['description']} />
          <Problem error={error} title="It is not known whether the description was saved" />
          <Box float="right">
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" onClick={onClose}>
                Cancel
              </Button>
              <Button variant="primary" loading={fetching}>
                Save
              </Button>
            </SpaceBetween>
          </Box>
        </SpaceBetween>
      </form>
    </Dialog>
  );
}
