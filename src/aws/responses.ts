import type { APIGatewayClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-api-gateway';
import type { DeserializeMiddleware } from '@smithy/types';

/** Whether a command answers with a list: API Gateway names those in the plural, `GetClientCertificates`. */
const isList = (commandName: string) => /^Get\w+sCommand$/.test(commandName);

/**
 * How many bytes a list may have. The largest is of 500 certificates with everything as long as AWS allows it: 50 tags
 * of 128 + 256 characters, a description of 1,024, in UTF-8 of four bytes each, and a PEM of 1,300: 41 MB.
 */
const MAX_LIST_BYTES = 48 * 1024 * 1024;

/** Of everything else: one certificate at most (83 kB), or an error. */
const MAX_BYTES = 1024 * 1024;

/**
 * Has a client give up answers that are larger than any of AWS's while they come, and refuse what is no list in the
 * place of one. Both reject with an `Error`, as for everything that the SDK cannot read.
 */
export function checkAnswers({ middlewareStack }: APIGatewayClient): void {
  const bound: DeserializeMiddleware<ServiceInputTypes, ServiceOutputTypes> =
    (next, { commandName = '' }) =>
    async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; body?: AsyncIterable<Uint8Array> };
      const maxBytes = isList(commandName) && response.statusCode < 300 ? MAX_LIST_BYTES : MAX_BYTES;
      return {
        ...result,
        response: Object.assign(response, { body: await collect(response.body, maxBytes) }),
      };
    };
  const requireList: DeserializeMiddleware<ServiceInputTypes, ServiceOutputTypes> =
    (next, { commandName = '' }) =>
    async (args) => {
      const result = await next(args);
      const { items } = result.output as { items?: unknown };
      const { body } = result.response as { body: Uint8Array };
      if (isList(commandName) && !Array.isArray(items) && !isEmptyObject(body))
        throw new Error('no list in the answer');
      return result;
    };
  middlewareStack.add(bound, { name: 'certwayBound', step: 'deserialize', priority: 'low' });
  middlewareStack.add(requireList, { name: 'certwayRequireList', step: 'deserialize', priority: 'high' });
}

/** What leaves the loop ends the connection, too. */
async function collect(body: AsyncIterable<Uint8Array> | undefined, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`an answer of more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** API Gateway was seen to leave an empty list out (https://github.com/aws/aws-sdk-js/issues/1416). */
const isEmptyObject = (body: Uint8Array): boolean => /^\s*\{\s*\}\s*$/.test(Buffer.from(body).toString());
