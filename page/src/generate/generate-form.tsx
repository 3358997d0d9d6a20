import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import type { WhereToGenerateQuery } from '../api/generated/graphql.ts';
import { Problem } from '../api/problem.tsx';
import { useViewer } from '../api/viewer.tsx';
import { placeOf } from '../parts/names.ts';
import { complaintAbout, Refusal, type Refused } from '../parts/refusal.tsx';
import { NO_COMPLAINTS, splitOffTags } from '../parts/tag-complaints.ts';
import { areSendable, inputOf, type Tag, TagsField } from '../parts/tags-field.tsx';
import { GENERATE } from './generate-query.ts';
import type { NewCertificate } from './generated.tsx';
import { useIdempotencyKey } from './idempotency.ts';

export type GenerateFormProps = {
  places: WhereToGenerateQuery['accountRegions'];
  /** The one that is to be replaced. */
  old: WhereToGenerateQuery['clientCertificate'] | undefined;
  /** Whether the first field has the focus, since what had it is not there any more. */
  hasFocus: boolean;
  onMade: (made: NewCertificate) => void;
};

/** Tags that AWS alone sets, whose keys begin with `aws:` in upper or lower case, and those of the service, which it sets again. */
const isSetByOthers = ({ key }: Tag) => /^aws:/i.test(key) || key.startsWith('certway:');

export function GenerateForm({ places, old, hasFocus, onMade }: GenerateFormProps) {
  const { disabledWithout } = useViewer();
  const [description, setDescription] = useState(old?.description ?? '');
  const [tags, setTags] = useState<Tag[]>(() =>
    inputOf(old?.tags ?? []).filter((tag) => !isSetByOthers(tag)),
  );
  const [chosen, setChosen] = useState<number>();
  const [refused, setRefused] = useState<Refused>();
  const [complaints, setComplaints] = useState(NO_COMPLAINTS);
  const [{ fetching, error }, generate] = useMutation(GENERATE);
  const keyOf = useIdempotencyKey();
  const asksWhere = !old && places.length > 1;
  const place = chosen === undefined ? undefined : places[chosen];
  const options = places.map((each, index) => ({ value: `${index}`, label: placeOf(each) }));

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (fetching) return;
    setRefused(undefined);
    setComplaints(NO_COMPLAINTS);
    const asked = {
      description: description === '' ? null : description,
      tags,
      ...(asksWhere && place && { region: place.region, account: place.account }),
    };
    // With `replaces`, the service makes no second one by itself.
    const input = old ? { ...asked, replaces: old.id } : { ...asked, idempotencyKey: keyOf(asked) };
    const { data } = await generate({ input });
    const result = data?.generateClientCertificate;
    if (result?.__typename === 'GenerateClientCertificatePayload')
      return onMade({ ...result.clientCertificate, generated: result.generated, replaces: old?.id });
    const said = splitOffTags(result, tags);
    setRefused(said.rest);
    setComplaints(said.complaints);
  }

  return (
    <form onSubmit={submit}>
      <Form
        actions={
          <Button
            variant="primary"
            loading={fetching}
            disabled={!areSendable(tags) || (asksWhere && !place)}
            {...disabledWithout('client-certificates:write')}
          >
            Generate
          </Button>
        }
      >
        <SpaceBetween size="l">
          <Container>
            <SpaceBetween size="l">
              {asksWhere && (
                <FormField label="Where" errorText={complaintAbout('region', refused)}>
                  <Select
                    placeholder="Choose an account and region"
                    selectedOption={options.find(({ value }) => value === `${chosen}`) ?? null}
                    options={options}
                    onChange={({ detail }) => setChosen(Number(detail.selectedOption.value))}
                  />
                </FormField>
              )}
              <FormField
                label="Description"
                description="For people, up to 1024 characters."
                errorText={complaintAbout('description', refused)}
              >
                <Input
                  autoFocus={hasFocus}
                  value={description}
                  onChange={({ detail }) => setDescription(detail.value)}
                />
              </FormField>
              <FormField label="Tags" stretch>
                <TagsField tags={tags} complaints={complaints} onChange={setTags} />
              </FormField>
            </SpaceBetween>
          </Container>
          <Refusal
            title="No certificate was generated"
            refused={refused}
            fields={['description', ...(asksWhere ? ['region'] : [])]}
          />
          <Problem error={error} title="It is not known whether a certificate was generated" />
        </SpaceBetween>
      </Form>
    </form>
  );
}
