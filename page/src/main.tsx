import '@cloudscape-design/global-styles/index.css';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en.json';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { createClient } from './api/client.ts';
import { createSession } from './api/session.ts';
import { readSettings } from './api/settings.ts';
import { Shell } from './shell/shell.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root');
const settings = await readSettings();
const session = createSession(settings.auth.kind !== 'none');
createRoot(root).render(
  <StrictMode>
    <I18nProvider locale="en" messages={[messages]}>
      <Provider value={createClient(settings, session)}>
        <Shell settings={settings} session={session} />
      </Provider>
    </I18nProvider>
  </StrictMode>,
);
