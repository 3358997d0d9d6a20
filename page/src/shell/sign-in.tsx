import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import { type FormEvent, useState } from 'react';
import type { Asking, Session } from '../api/session.ts';
import type { PageSettings } from '../api/settings.ts';
import { tryCredential } from './try-credential.ts';

export type SignInProps = { settings: PageSettings; session: Session; asking: Asking };

const WORDS = {
  'api-key': { label: 'API key', what: 'an API key' },
  jwt: { label: 'Bearer token', what: 'a bearer token (a JWT)' },
  none: { label: 'Credential', what: 'a credential' },
};

/** Asks for a key or token, and says beside the field what is wrong with it. */
export function SignIn({ settings, session, asking }: SignInProps) {
  const { label, what } = WORDS[settings.auth.kind];
  const [value, setValue] = useState('');
  const [wrong, setWrong] = useState('');
  const [isTrying, setIsTrying] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setIsTrying(true);
    const { credential, problem } = await tryCredential(value);
    setIsTrying(false);
    setWrong(problem ?? '');
    if (!problem) session.accept(credential);
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <Form
        actions={
          <Button variant="primary" loading={isTrying}>
            Continue
          </Button>
        }
      >
        <Container
          header={
            <Header
              variant="h2"
              description={
                asking === 'again'
                  ? `The service no longer accepts the one it had. Give ${what} to go on where you were.`
                  : `Every request needs ${what}. Only this page keeps it, until a reload.`
              }
            >
              Sign in
            </Header>
          }
        >
          <FormField label={label} errorText={wrong}>
            <Input
              type="password"
              autoComplete={false}
              spellcheck={false}
              autoFocus
              value={value}
              onChange={({ detail }) => setValue(detail.value)}
            />
          </FormField>
        </Container>
      </Form>
    </form>
  );
}
