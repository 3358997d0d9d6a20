import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import type { PageSettings } from '../api/settings.ts';
import { tryCredential } from './try-credential.ts';

export type CredentialFieldProps = {
  kind: PageSettings['auth']['kind'];
  onAccepted: (credential: string) => void;
};

/** The field for a key or token, which says what is wrong with what was typed. */
export function CredentialField({ kind, onAccepted }: CredentialFieldProps) {
  const [value, setValue] = useState('');
  const [wrong, setWrong] = useState('');
  const [isTrying, setIsTrying] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setIsTrying(true);
    const { credential, problem } = await tryCredential(value);
    setIsTrying(false);
    setWrong(problem ?? '');
    if (!problem) onAccepted(credential);
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <SpaceBetween size="m">
        <FormField label={kind === 'jwt' ? 'Bearer token' : 'API key'} errorText={wrong}>
          <Input
            type="password"
            autoComplete={false}
            spellcheck={false}
            autoFocus
            value={value}
            onChange={({ detail }) => setValue(detail.value)}
          />
        </FormField>
        <Button variant="primary" loading={isTrying} formAction="submit">
          Continue
        </Button>
      </SpaceBetween>
    </form>
  );
}
