import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useMutation } from 'urql';
import { CHANGES_CERTIFICATES } from '../api/changes-certificates.ts';
import type { DeleteMutation } from '../api/generated/graphql.ts';
import { graphql } from '../api/generated/index.ts';
import { Problem } from '../api/problem.tsx';
import { InUse } from './in-use.tsx';
import { Refusal } from './refusal.tsx';

const DELETE = graphql(`
  mutation Delete($input: DeleteClientCertificateInput!) {
    deleteClientCertificate(input: $input) {
      __typename
      ... on DeleteClientCertificatePayload {
        deletedClientCertificateId
      }
      ...Refused
      ... on CertificateInUseError {
        stages {
          ...StageName
        }
        index {
          ...ReadSoFar
        }
      }
    }
  }
`);

type Result = DeleteMutation['deleteClientCertificate'];

export type DeleteFormProps = {
  certificate: { id: string; clientCertificateId: string };
  /** Not called where the person has gone elsewhere meanwhile. */
  onDeleted: () => void;
  /** Beside the button that deletes. */
  children?: ReactNode;
};

/**
 * Deletes a certificate once its id was typed. Where a stage uses it, that is refused, and the person sees which; they can then
 * say that they mean it all the same.
 */
export function DeleteForm({ certificate, onDeleted, children }: DeleteFormProps) {
  const { id, clientCertificateId } = certificate;
  const [typed, setTyped] = useState('');
  const [evenIfUsed, setEvenIfUsed] = useState(false);
  const [result, setResult] = useState<Result>();
  const [{ fetching, error }, remove] = useMutation(DELETE);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const { hash } = window.location;
    const { data } = await remove({ input: { id, evenIfUsed } }, CHANGES_CERTIFICATES);
    setResult(data?.deleteClientCertificate);
    const isDeleted = data?.deleteClientCertificate.__typename === 'DeleteClientCertificatePayload';
    if (isDeleted && window.location.hash === hash) onDeleted();
  }

  return (
    <form onSubmit={submit}>
      <SpaceBetween size="m">
        <FormField label={`Type ${clientCertificateId} to delete it`} description="AWS cannot bring it back.">
          <Input autoComplete={false} value={typed} onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
        {result?.__typename === 'CertificateInUseError' ? (
          <InUse id={id} {...result} evenIfUsed={evenIfUsed} onChange={setEvenIfUsed} />
        ) : (
          result?.__typename !== 'DeleteClientCertificatePayload' && (
            <Refusal title="It was not deleted" refused={result} />
          )
        )}
        <Problem error={error} title="It is not known whether it was deleted" />
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            {children}
            <Button
              variant="primary"
              loading={fetching}
              disabled={typed.trim() !== clientCertificateId}
              formAction="submit"
            >
              {evenIfUsed ? 'Delete although it may be used' : 'Delete it'}
            </Button>
          </SpaceBetween>
        </Box>
      </SpaceBetween>
    </form>
  );
}
