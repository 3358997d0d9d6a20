import type { AccountRegion } from './account-region.ts';
import { decodeLabel, type EmulatorRequest, type Labels } from './request.ts';

/** The body for a client that accepts `application/json`, and for any other, which gets HAL. */
export type View<Output> = {
  json(output: Output): object | undefined;
  hal(output: Output, url: URL): object | undefined;
};

/** Answers with 202 and 204 have no body. */
export const noBody: View<void> = { json: () => undefined, hal: () => undefined };

/** JSON for every client. */
export const plain: View<object> = { json: (output) => output, hal: (output) => output };

/** An AWS operation on the wire. */
export type Route = {
  /** AWS's name. Those of API Gateway V2 end in ` (v2)`, since both services use some names. */
  operation: string;
  method: string;
  status: number;
  /** The labels in this path. Undefined if the path is not the route's. */
  match(path: string): Labels | undefined;
  answer(
    accountRegion: AccountRegion,
    request: EmulatorRequest,
    url: URL,
    plainJson: boolean,
  ): Promise<object | undefined>;
};

/**
 * Makes a route. A label in braces stands for one part of the path: `/restapis/{restApiId}`. A
 * label with a plus sign stands for the rest of the path, with its slashes: `/tags/{resourceArn+}`.
 * An operation other than GET is a transaction of the store until its first `await`.
 */
export function route<Output>(
  operation: string,
  method: string,
  path: string,
  status: number,
  view: View<Output>,
  run: (accountRegion: AccountRegion, request: EmulatorRequest) => Output | Promise<Output>,
): Route {
  const pattern = new RegExp(
    `^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)').replace(/\{(\w+)\+\}/g, '(?<$1>.+)')}$`,
  );
  return {
    operation,
    method,
    status,
    match: (actual) => {
      const found = pattern.exec(actual);
      return found ? decodeAll(found.groups ?? {}) : undefined;
    },
    answer: async (accountRegion, request, url, plainJson) => {
      const output = await (method === 'GET'
        ? run(accountRegion, request)
        : accountRegion.store.transaction(() => run(accountRegion, request)));
      return plainJson ? view.json(output) : view.hal(output, url);
    },
  };
}

const decodeAll = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, decodeLabel(value)]));
