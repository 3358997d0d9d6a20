import type { Account } from './account.ts';
import { decodeLabel, type EmulatorRequest, type Labels } from './request.ts';

/** How an operation's output looks to a client that asked for `application/json`, and to one that did not (HAL). */
export type View<Output> = {
  json(output: Output): object | undefined;
  hal(output: Output, url: URL): object | undefined;
};

/** 202 and 204 have no body. */
export const noBody: View<void> = { json: () => undefined, hal: () => undefined };

/** JSON, whatever the client asked for. */
export const plain: View<object> = { json: (output) => output, hal: (output) => output };

/** An AWS operation on the wire. */
export type Route = {
  /** AWS's name. Operations of API Gateway V2 have ` (v2)` after theirs, since some names are in both. */
  operation: string;
  method: string;
  status: number;
  /** The labels in this path; undefined if the path is not the route's. */
  match(path: string): Labels | undefined;
  answer(
    account: Account,
    request: EmulatorRequest,
    url: URL,
    plainJson: boolean,
  ): Promise<object | undefined>;
};

/**
 * A path has labels in braces, each for one part of it: `/restapis/{restApiId}`. A label with a plus sign stands for all the
 * rest, with its slashes: `/tags/{resourceArn+}`.
 */
export function route<Output>(
  operation: string,
  method: string,
  path: string,
  status: number,
  view: View<Output>,
  run: (account: Account, request: EmulatorRequest) => Output | Promise<Output>,
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
    answer: async (account, request, url, plainJson) => {
      const output = await (method === 'GET'
        ? run(account, request)
        : account.store.transaction(() => run(account, request)));
      return plainJson ? view.json(output) : view.hal(output, url);
    },
  };
}

const decodeAll = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, decodeLabel(value)]));
