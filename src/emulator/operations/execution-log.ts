import type { MethodRequest } from '../execution/backend-request.ts';

type Answered = {
  status: number;
  headers: Record<string, string[]>;
  text: string;
  url: URL | undefined;
  hasFailed?: boolean;
};

export type ExecutionLog = ReturnType<typeof createExecutionLog>;

/** Longer bodies are cut off, and half of a character becomes U+FFFD. */
const MAX_BODY_LENGTH = 1024;

/**
 * The log of one execution, in the form of LocalStack's AWS-validated snapshot
 * `test_invoke_test_method`, which is about a mock. The lines about an endpoint follow CloudWatch's
 * execution logs; no recording of them is known.
 */
export function createExecutionLog(requestId: string, now: () => Date) {
  const lines = [`Execution log for request ${requestId}`];
  const line = (text: string) => void lines.push(`${javaDate(now())} : ${text}`);

  return {
    line,
    request: (path: string, { method, headers, parameters, search, body }: MethodRequest) => {
      line(`Starting execution for request: ${requestId}`);
      line(`HTTP Method: ${method}, Resource Path: ${path}`);
      line(`Method request path: ${mapOf(parameters)}`);
      line(`Method request query string: ${mapOf(Object.fromEntries(new URLSearchParams(search)))}`);
      line(`Method request headers: ${mapOf(headers)}`);
      line(`Method request body before transformations: ${cut(body.toString())}`);
    },
    answer: ({ status, headers, text, url, hasFailed }: Answered, latencyMs: number) => {
      if (url) {
        line(`Endpoint request URI: ${url}`);
        line(`Received response. Status: ${status}, Integration latency: ${latencyMs} ms`);
        line(`Endpoint response headers: ${mapOf(headers)}`);
      }
      if (!hasFailed) {
        line(`Method response body after transformations: ${cut(text)}`);
        line(`Method response headers: ${mapOf(headers)}`);
        line('Successfully completed execution');
      }
      line(`Method completed with status: ${status}`);
    },
    text: () => `${lines.join('\n')}\n`,
  };
}

const cut = (text: string) =>
  text.length > MAX_BODY_LENGTH ? `${text.slice(0, MAX_BODY_LENGTH).toWellFormed()} [TRUNCATED]` : text;

const mapOf = (map: Record<string, string | string[]>) =>
  `{${Object.entries(map)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}}`;

/** `Sat Nov 28 16:40:12 UTC 2026` */
function javaDate(date: Date): string {
  const [, day, ofMonth, month, year, time] =
    /^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/.exec(date.toUTCString()) ?? [];
  return `${day} ${month} ${ofMonth} ${time} UTC ${year}`;
}
