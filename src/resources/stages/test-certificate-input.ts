import type { InputIssue } from '../../errors/errors.ts';
import { quote } from '../../errors/input-issues.ts';
import type { ApiStage } from './api-stage.ts';

export type TestInput = {
  id: string;
  stage: string;
  method?: string | null | undefined;
  path?: string | null | undefined;
};

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
const MAX_PATH_LENGTH = 2048;

export function stageIssues(arn: string, stage: ApiStage | null): InputIssue[] {
  if (stage?.api.protocol === 'REST') return [];
  return [expectedRestStage(stage ? 'one of a WebSocket API' : arn)];
}

export const expectedRestStage = (got: string): InputIssue => ({
  path: ['input', 'stage'],
  message: `expected a stage of a REST API that this service has read, got ${got}`,
});

export const methodIssues = (method: string): InputIssue[] =>
  METHODS.includes(method)
    ? []
    : [{ path: ['input', 'method'], message: `expected one of ${METHODS.join(', ')}, got ${quote(method)}` }];

export function pathIssues(path: string | null | undefined): InputIssue[] {
  if (path == null || (/^\/[\x21-\x7e]*$/.test(path) && path.length <= MAX_PATH_LENGTH)) return [];
  const expected = `expected a path that begins with a slash, of up to ${MAX_PATH_LENGTH} printable ASCII characters`;
  return [{ path: ['input', 'path'], message: `${expected}, got ${quote(path)}` }];
}
