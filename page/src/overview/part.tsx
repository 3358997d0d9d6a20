import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';

export type PartProps = {
  title: string;
  description: string;
  count: number;
  /** Where the others are, if there are more than are counted. */
  more?: string | undefined;
  children: ReactNode;
};

/** A part of what needs a person; nothing if there is none of it. */
export function Part({ title, description, count, more, children }: PartProps) {
  if (count === 0) return null;
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${count}${more ? '+' : ''})`} description={description}>
          {title}
        </Header>
      }
      footer={more && <Link href={more}>All of them</Link>}
    >
      {children}
    </Container>
  );
}
