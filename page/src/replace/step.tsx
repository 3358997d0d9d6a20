import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';

export type StepProps = {
  number: number;
  title: string;
  /** What is done, and what AWS is asked for it. */
  description: ReactNode;
  state: 'done' | 'now' | 'later';
  children?: ReactNode;
};

const STATES = {
  done: <StatusIndicator>Done</StatusIndicator>,
  now: <StatusIndicator type="in-progress">Now</StatusIndicator>,
  later: <StatusIndicator type="pending">Later</StatusIndicator>,
};

/** One step, which is there before its turn comes, so that the person knows what will come. */
export const Step = ({ number, title, description, state, children }: StepProps) => (
  <Container
    header={
      <Header variant="h2" description={description} actions={STATES[state]}>
        {number}. {title}
      </Header>
    }
  >
    {children}
  </Container>
);
