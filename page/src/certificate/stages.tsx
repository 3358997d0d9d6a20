import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { StageList } from '../parts/stage-list.tsx';
import type { Certificate } from './certificate.ts';

/** The stages that present a certificate to their backends. */
export function Stages({ certificate: { stages } }: { certificate: Certificate }) {
  const { nodes, totalCount, index } = stages;
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${totalCount.toLocaleString('en')}${index.complete ? '' : '+'})`}>
          Stages that use it
        </Header>
      }
    >
      {nodes.length === 0 ? (
        <Box color="text-body-secondary">
          {index.complete ? 'No stage uses it.' : 'None of the stages that have been read uses it.'}
        </Box>
      ) : (
        <StageList label="Stages that use it" stages={nodes} />
      )}
      {totalCount > nodes.length && <Box>and {(totalCount - nodes.length).toLocaleString('en')} more</Box>}
    </Container>
  );
}
