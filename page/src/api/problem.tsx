import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { CombinedError } from 'urql';
import { isOfOtherRelease } from './other-release.ts';

/** An error of the service, as a view shows it. */
type Complaint = { message: string; code: string | undefined; requestId: string | undefined };

/** What went wrong with an operation: each message once, with the id under which the log of the service has it. */
function complaintsOf({ graphQLErrors, networkError, response }: CombinedError): Complaint[] {
  const header: unknown = response?.headers?.get('x-request-id') ?? undefined;
  const fallback = text(header);
  if (graphQLErrors.length === 0)
    return [
      {
        message: response?.status
          ? `The service answered with status ${response.status}.`
          : `The service cannot be reached${networkError ? ` (${networkError.message})` : ''}.`,
        code: undefined,
        requestId: fallback,
      },
    ];
  const complaints = graphQLErrors.map(({ message, extensions }) => ({
    message,
    code: text(extensions['code']),
    requestId: text(extensions['requestId']) ?? fallback,
  }));
  return complaints.filter(
    ({ message }, index) => complaints.findIndex((other) => other.message === message) === index,
  );
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const RELOAD = (
  <Button formAction="none" onClick={() => window.location.reload()}>
    Load the page again
  </Button>
);

export type ProblemProps = {
  /** Nothing is shown without one, so a view writes `<Problem error={error} … />` unconditionally. */
  error: CombinedError | undefined;
  /** What could not be done, such as "The certificates could not be read". */
  title: string;
  /** Something of the answer is there all the same, and shown. */
  isPartial?: boolean;
  /** Asks a query again; a mutation has none. */
  onRetry?: (() => void) | undefined;
};

/** The one way in which an error of the service is shown: where what failed would be, with its request id. */
export function Problem(props: ProblemProps) {
  const isOfFrame = props.error && isOfOtherRelease(props.error) && props.onRetry; // a query, of which the frame says it
  return isOfFrame ? null : <AnyProblem {...props} />;
}

/** For the frame of the page. A service that executes only documents that it trusts does not trust those of another release. */
export function AnyProblem({ error, title, isPartial = false, onRetry }: ProblemProps) {
  if (!error) return null;
  const isOther = isOfOtherRelease(error);
  return (
    <Alert
      type={isPartial ? 'warning' : 'error'}
      header={title}
      action={
        (onRetry || isOther) && (
          <SpaceBetween direction="horizontal" size="xs">
            {onRetry && (
              <Button formAction="none" onClick={() => onRetry()}>
                Try again
              </Button>
            )}
            {isOther && RELOAD}
          </SpaceBetween>
        )
      }
    >
      {isOther && <div>The service has another version of the page.</div>}
      {complaintsOf(error).map(({ message, code, requestId }) => (
        <div key={message}>
          {message}
          {(code || requestId) && (
            <Box variant="small" display="block">
              {code && <>{code} · </>}Request id: <Box variant="code">{requestId ?? 'none'}</Box>
            </Box>
          )}
        </div>
      ))}
    </Alert>
  );
}
