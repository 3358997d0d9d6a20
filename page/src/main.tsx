import '@cloudscape-design/global-styles/index.css';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en.json';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { atTheIssuer } from './api/at-the-issuer.ts';
import { createClient } from './api/client.ts';
import { createOtherRelease } from './api/other-release.ts';
import { createReadingAgain } from './api/reading-again.ts';
import { createSession } from './api/session.ts';
import { readSettings } from './api/settings.ts';
import { Shell } from './shell/shell.tsx';
import { Unreachable } from './shell/unreachable.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root');
createRoot(root).render(
  <StrictMode>{await start().catch((error) => <Unreachable error={error} />)}</StrictMode>,
);

async function start() {
  const settings = await readSettings();
  const { isSignedIn, oidc } = settings.auth;
  const session = createSession({ isNeeded: !isSignedIn, oidc });
  const problem = oidc && (await returned());

  /** What was wrong with a return from the issuer. */
  async function returned(): Promise<string | undefined> {
    if (!oidc || window.location.search === '') return undefined;
    return atTheIssuer(async ({ returnFromSignIn }) => {
      const tokens = await returnFromSignIn(oidc);
      if (tokens) session.accept(tokens);
    });
  }

  const { exchange, readAgain } = createReadingAgain();
  const otherRelease = createOtherRelease();
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <Provider value={createClient(settings, session, [exchange, otherRelease.exchange])}>
        <Shell
          settings={settings}
          session={session}
          problem={problem}
          readAgain={readAgain}
          otherRelease={otherRelease}
        />
      </Provider>
    </I18nProvider>
  );
}
