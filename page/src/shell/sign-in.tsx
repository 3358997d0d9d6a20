import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useState } from 'react';
import { atTheIssuer } from '../api/at-the-issuer.ts';
import type { Asking, Session } from '../api/session.ts';
import type { OidcSettings, PageSettings } from '../api/settings.ts';
import { CredentialField } from './credential-field.tsx';

export type SignInProps = {
  settings: PageSettings;
  session: Session;
  asking: Asking;
  /** What was wrong with a return from the issuer. */
  problem: string | undefined;
};

const WHAT = {
  'api-key': 'an API key',
  jwt: 'a bearer token (a JWT)',
  mtls: 'a client certificate from your browser',
  none: 'nothing',
};

/** Asks for a key or token, or leads to the issuer. The rest of the page stays as it is meanwhile. */
export function SignIn({ settings: { auth }, session, asking, problem }: SignInProps) {
  const { kind, oidc } = auth;
  if (kind === 'mtls') return <CertificateNeeded />;
  const what = oidc ? 'you to sign in' : WHAT[kind];
  const field = (
    <CredentialField
      kind={kind}
      onAccepted={(accessToken) => session.accept({ accessToken, refreshToken: undefined })}
    />
  );
  return (
    <Container
      header={
        <Header
          variant="h1"
          description={
            asking === 'again'
              ? `The service no longer accepts the credential that the page had. It needs ${what}, then you go on where you were.`
              : `The service needs ${what}. Only this page keeps the credential, until a reload.`
          }
        >
          Sign in
        </Header>
      }
    >
      {oidc ? (
        <SpaceBetween size="l">
          <AtTheIssuer oidc={oidc} problem={problem} />
          <ExpandableSection headerText="Use a token instead">{field}</ExpandableSection>
        </SpaceBetween>
      ) : (
        field
      )}
    </Container>
  );
}

/** The browser asks which certificate to show, once for a connection. */
function CertificateNeeded() {
  return (
    <Container
      header={
        <Header
          variant="h1"
          description={`The service needs ${WHAT.mtls}, and has got none that it accepts. Add one to the browser, then try again.`}
        >
          Sign in
        </Header>
      }
    >
      <Button variant="primary" onClick={() => location.reload()}>
        Try again
      </Button>
    </Container>
  );
}

function AtTheIssuer({ oidc, problem }: { oidc: OidcSettings; problem: string | undefined }) {
  const [wrong, setWrong] = useState(problem);
  const [isLeaving, setIsLeaving] = useState(false);
  const { host } = new URL(oidc.issuer);
  useEffect(() => {
    /** Who goes back from the issuer may find the page as it was left. */
    function stay({ persisted }: PageTransitionEvent): void {
      if (persisted) setIsLeaving(false);
    }
    window.addEventListener('pageshow', stay);
    return () => window.removeEventListener('pageshow', stay);
  }, []);

  async function leave(): Promise<void> {
    setIsLeaving(true);
    const problem = await atTheIssuer(({ leaveToSignIn }) => leaveToSignIn(oidc));
    if (problem === undefined) return;
    setWrong(problem);
    setIsLeaving(false);
  }

  return (
    <SpaceBetween size="m">
      {wrong && (
        <Alert type="error" header={`Signing in at ${host} failed`}>
          {wrong}
        </Alert>
      )}
      <Button variant="primary" loading={isLeaving} onClick={leave}>
        Sign in at {host}
      </Button>
    </SpaceBetween>
  );
}
