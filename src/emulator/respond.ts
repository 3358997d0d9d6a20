import type { ServerResponse } from 'node:http';
import { type Answer, deliver, type Fault } from './fault.ts';

/**
 * Answers a request with what its operation does, or with what the fault makes of it. Every error
 * is an answer.
 */
export async function respond(
  response: ServerResponse,
  fault: Fault | undefined,
  operate: () => Promise<Answer>,
  toAnswer: (error: unknown) => Answer,
  headers: Record<string, string>,
): Promise<void> {
  if (fault?.kind === 'lost') return;
  const answer = await (fault?.kind === 'error' ? Promise.reject(fault.error) : operate()).catch(toAnswer);
  deliver(response, { ...answer, headers: { ...answer.headers, ...headers } }, fault);
}
