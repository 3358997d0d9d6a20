import './shell.css';
import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import ErrorBoundary from '@cloudscape-design/components/error-boundary';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { Suspense, useSyncExternalStore } from 'react';
import { useChanges } from '../api/changes.ts';
import type { OtherRelease } from '../api/other-release.ts';
import { AnyProblem } from '../api/problem.tsx';
import type { ReadAgain } from '../api/reading-again.ts';
import type { Session } from '../api/session.ts';
import type { PageSettings } from '../api/settings.ts';
import { ViewerProvider } from '../api/viewer.tsx';
import { Breadcrumbs } from './breadcrumbs.tsx';
import { useFocusOnChange } from './focus.ts';
import { hrefTo, useRoute } from './route.ts';
import { SignIn } from './sign-in.tsx';
import { TopBar } from './top-bar.tsx';
import { subjectOf, viewOf } from './views.tsx';

/** A view that is loaded after an upgrade of the service is not there any more. */
const BROKEN = {
  headerText: 'This cannot be shown',
  descriptionText: 'The service may have a newer version of the page, or the page has a fault.',
  refreshActionText: 'Load the page again',
};

export type ShellProps = {
  settings: PageSettings;
  session: Session;
  /** What was wrong with a return from the issuer. */
  problem: string | undefined;
  /** Called when certificates have changed. */
  readAgain: ReadAgain;
  otherRelease: OtherRelease;
};

/** The frame around the views: the bar on top, the navigation, and the field for a credential where one is needed. */
export function Shell({ settings, session, problem, readAgain, otherRelease }: ShellProps) {
  const route = useRoute();
  const asking = useSyncExternalStore(session.subscribe, session.asking);
  const notTrusted = useSyncExternalStore(otherRelease.subscribe, otherRelease.error);
  const subject = subjectOf(route);
  const content = useFocusOnChange(subject);
  const frame =
    asking === 'first' ? null : (
      <div ref={content} tabIndex={-1} className="content" inert={asking === 'again'}>
        <ErrorBoundary key={subject} onError={({ error }) => reportError(error)} i18nStrings={BROKEN}>
          <Suspense fallback={<Spinner size="large" />}>{viewOf(route)}</Suspense>
        </ErrorBoundary>
      </div>
    );
  return (
    <ViewerProvider asking={asking}>
      <Changes readAgain={readAgain} />
      <TopBar />
      <AppLayoutToolbar
        headerSelector="#top"
        toolsHide
        breadcrumbs={<Breadcrumbs route={route} />}
        navigation={<Navigation settings={settings} view={route.view} />}
        content={
          <SpaceBetween size="l">
            {asking !== 'not' && (
              <SignIn settings={settings} session={session} asking={asking} problem={problem} />
            )}
            <AnyProblem error={notTrusted} title="The service could not be asked" onRetry={readAgain} />
            {frame}
          </SpaceBetween>
        }
      />
    </ViewerProvider>
  );
}

/** The links of the navigation to which views belong; the others belong to that of all certificates. */
const ACTIVE = new Map([
  ['', hrefTo.overview()],
  ['dangling-stages', hrefTo.overview()],
  ['generate', hrefTo.generate()],
]);

/** Inside the provider, since who may read nothing does not listen. */
function Changes({ readAgain }: { readAgain: ReadAgain }) {
  useChanges(readAgain);
  return null;
}

const Navigation = ({ settings, view }: { settings: PageSettings; view: string }) => (
  <SideNavigation
    activeHref={ACTIVE.get(view) ?? hrefTo.certificates()}
    header={{ text: 'Client certificates', href: hrefTo.overview() }}
    items={[
      { type: 'link', text: 'What needs me', href: hrefTo.overview() },
      { type: 'link', text: 'All certificates', href: hrefTo.certificates() },
      { type: 'link', text: 'Generate', href: hrefTo.generate() },
      ...(settings.graphiql
        ? [
            { type: 'divider' as const },
            { type: 'link' as const, text: 'GraphiQL', href: 'graphql', external: true },
          ]
        : []),
    ]}
  />
);
