import type { DeserializeMiddleware, MetadataBearer, MiddlewareStack } from '@smithy/types';

/** Whether a command returns a list: API Gateway names those in the plural, as `GetClientCertificates`. */
const isList = (commandName: string) => /^Get\w+sCommand$/.test(commandName);

/**
 * The maximum size of a list. The largest has 500 certificates with everything as long as AWS allows: 50 tags of 128 + 256
 * characters, a description of 1,024, in UTF-8 of four bytes each, and a PEM of 1,300: 41 MB.
 */
const MAX_LIST_BYTES = 48 * 1024 * 1024;

/**
 * The maximum size of a test's answer, which has that of the backend as a text in JSON: up to 10 MB
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html), each byte of which may take
 * six characters.
 */
const MAX_TEST_BYTES = 64 * 1024 * 1024;

/** The maximum size of everything else: a certificate (83 kB), or an error. */
const MAX_BYTES = 1024 * 1024;

function maxBytesOf(commandName: string, statusCode: number): number {
  if (statusCode >= 300) return MAX_BYTES;
  if (commandName === 'TestInvokeMethodCommand') return MAX_TEST_BYTES;
  return isList(commandName) ? MAX_LIST_BYTES : MAX_BYTES;
}

/**
 * Makes a client of the SDK abort answers that are larger than any of AWS's, and refuse anything but a list where a list is expected.
 * Both reject with an `Error`, as the SDK does for everything that it cannot parse.
 */
export function checkAnswers<Inputs extends object, Outputs extends MetadataBearer>(
  middlewareStack: MiddlewareStack<Inputs, Outputs>,
): void {
  const bound: DeserializeMiddleware<Inputs, Outputs> =
    (next, { commandName = '' }) =>
    async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; body?: AsyncIterable<Uint8Array> };
      const maxBytes = maxBytesOf(commandName, response.statusCode);
      return {
        ...result,
        response: Object.assign(response, { body: await collect(response.body, maxBytes) }),
      };
    };
  const requireList: DeserializeMiddleware<Inputs, Outputs> =
    (next, { commandName = '' }) =>
    async (args) => {
      const result = await next(args);
      const { items, item, Items } = result.output as Record<string, unknown>;
      const { body } = result.response as { body: Uint8Array };
      if (isList(commandName) && !Array.isArray(items ?? item ?? Items) && !isEmptyObject(body))
        throw new Error('no list in the answer');
      return result;
    };
  middlewareStack.add(bound, { name: 'certwayBound', step: 'deserialize', priority: 'low' });
  middlewareStack.add(requireList, { name: 'certwayRequireList', step: 'deserialize', priority: 'high' });
}

/** Leaving the loop closes the connection, too. */
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
