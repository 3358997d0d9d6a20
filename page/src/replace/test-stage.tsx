import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import type { TestMutation } from '../api/generated/graphql.ts';
import { Problem } from '../api/problem.tsx';
import { useViewer } from '../api/viewer.tsx';
import { complaintAbout, Refusal } from '../parts/refusal.tsx';
import { stageName } from '../parts/stage-list.tsx';
import { TextFile } from '../parts/text-file.tsx';
import type { Replaced, Stage } from './outcomes.ts';
import { TEST } from './replace-query.ts';

/** What came of a test, and the stage that was chosen for it: later, another one may be. */
type Tested = {
  of: { value: string; label: string };
  result: TestMutation['testClientCertificate'] | undefined;
};

/** Has API Gateway call a backend with the new certificate. AWS can do that for REST APIs alone. */
export function TestStage({ stages, next }: { stages: readonly Stage[]; next: Replaced }) {
  const { disabledWithout } = useViewer();
  const options = stages
    .filter(({ api }) => api.protocol === 'REST')
    .map((stage) => ({ value: stage.id, label: stageName(stage) }));
  const [chosen, setChosen] = useState<string>();
  const stage = options.find(({ value }) => value === chosen) ?? options[0];
  const [path, setPath] = useState('');
  const [tested, setTested] = useState<Tested>();
  const [{ fetching, error }, test] = useMutation(TEST);
  if (stage === undefined)
    return (
      <Box color="text-body-secondary">
        No stage of a REST API is known to have the old one, so none can be tested.
      </Box>
    );

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (stage === undefined) return;
    setTested(undefined);
    const { data } = await test({ input: { id: next.id, stage: stage.value, ...(path !== '' && { path }) } });
    setTested({ of: stage, result: data?.testClientCertificate });
  }

  const result = tested?.result;
  const isTested = result?.__typename === 'TestClientCertificatePayload';
  const refused = result && !isTested ? result : undefined;
  const refusedHere = tested?.of.value === stage.value ? refused : undefined;
  return (
    <form onSubmit={submit}>
      <SpaceBetween size="m">
        <FormField label="Stage" errorText={complaintAbout('stage', refusedHere)}>
          <Select
            selectedOption={stage}
            options={options}
            onChange={({ detail }) => setChosen(detail.selectedOption.value)}
          />
        </FormField>
        <FormField
          label="Path"
          description="Such as /orders/7. If empty, that of the first resource that calls an HTTP backend."
          errorText={complaintAbout('path', refusedHere)}
        >
          <Input value={path} onChange={({ detail }) => setPath(detail.value)} />
        </FormField>
        <Button loading={fetching} {...disabledWithout('stages:write')}>
          Send a GET
        </Button>
        {tested && (
          <>
            <Refusal
              title={`The backend of ${tested.of.label} was not called`}
              refused={refused}
              fields={refusedHere ? ['stage', 'path'] : []}
            />
            <Problem
              error={error}
              title={`It is not known what the backend of ${tested.of.label} answered`}
            />
            {isTested && <Answer stage={tested.of.label} {...result} />}
          </>
        )}
      </SpaceBetween>
    </form>
  );
}

type AnswerProps = { stage: string; accepted: boolean; status: number; latencyMs: number; log: string };

const Answer = ({ stage, accepted, status, latencyMs, log }: AnswerProps) => (
  <Alert
    type={accepted ? 'success' : 'error'}
    header={`The backend of ${stage} answered with status ${status} after ${latencyMs} ms`}
  >
    {accepted
      ? 'A backend that asks for no certificate accepts any.'
      : 'It may have refused the certificate, or the request for another reason: the log may say which.'}
    <ExpandableSection headerText="API Gateway's log">
      <TextFile name="test.log" label="the log of the test" text={log} />
    </ExpandableSection>
  </Alert>
);
