import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { type ReactNode, useEffect } from 'react';

export type ViewProps = {
  title: string;
  /** How many there are of what the title says. */
  counter?: string | undefined;
  description?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
};

/** The frame of every view: its title, which is that of the window, too, and its content. */
export function View({ title, counter, description, actions, children }: ViewProps) {
  useEffect(() => {
    document.title = `${title} · Certway`;
  }, [title]);
  return (
    <ContentLayout
      header={
        <Header variant="h1" counter={counter} description={description} actions={actions}>
          {title}
        </Header>
      }
    >
      {children}
    </ContentLayout>
  );
}
