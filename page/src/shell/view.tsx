import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useEffect } from 'react';
import type { Scope } from '../api/viewer.tsx';
import { MissingScopes } from './missing-scopes.tsx';

export type ViewProps = {
  title: string;
  /** How many there are of what the title says. */
  counter?: string | undefined;
  description?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** The scopes that its controls take: who lacks one is told. */
  takes?: readonly Scope[];
  children: ReactNode;
};

/** The frame of every view: its title, which is that of the window, too, and its content. */
export function View({ title, counter, description, actions, takes = [], children }: ViewProps) {
  useEffect(() => {
    document.title = `${title} · Certway`;
  }, [title]);
  return (
    <ContentLayout
      header={
        <SpaceBetween size="xs">
          <Header variant="h1" counter={counter} description={description} actions={actions}>
            {title}
          </Header>
          <MissingScopes of={takes} />
        </SpaceBetween>
      }
    >
      {children}
    </ContentLayout>
  );
}
