import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';

export type PartProps = {
  title: string;
  description: string;
  count: number;
  /** Whether there are more than are counted. */
  isMore: boolean;
  /** Where all of them are, if they are not here. */
  more?: string | undefined;
  children: ReactNode;
};

/** A part of what needs a person; nothing if there is none of it. */
export function Part({ title, description, count, isMore, more, children }: PartProps) {
  if (count === 0) return null;
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${count}${isMore ? '+' : ''})`} description={description}>
          {title}
        </Header>
      }
      footer={more && <Link href={more}>All of them</Link>}
    >
      {children}
    </Container>
  );
}
