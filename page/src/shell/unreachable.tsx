import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';

/** In place of everything else, if the service does not even say what the page needs to begin. */
export const Unreachable = ({ error }: { error: unknown }) => (
  <Alert
    type="error"
    header="The service cannot be reached"
    action={<Button onClick={() => window.location.reload()}>Try again</Button>}
  >
    {error instanceof Error ? error.message : String(error)}
  </Alert>
);
