/**
 * Calls a service, such as APIGateway, for each line of standard input, and writes the answer as a line of JSON.
 *
 * A line is [method, arguments], or ["pages", method, arguments] for all pages of a list.
 */
import { createInterface } from 'node:readline';
import aws from 'aws-sdk';

const [endpoint, service] = process.argv.slice(2);
const client = new aws[service]({ endpoint });

async function call(method, ...rest) {
  if (method !== 'pages') return withStatus(await client[method](rest[0]).promise());
  const [list, input] = rest;
  const pages = [];
  for (let page = await client[list](input).promise(); ; page = await page.$response.nextPage().promise()) {
    pages.push(page);
    if (!page.$response.hasNextPage()) return pages;
  }
}

function withStatus(answer) {
  return { ...answer, httpStatus: answer.$response.httpResponse.statusCode };
}

for await (const line of createInterface(process.stdin)) {
  const answer = await call(...JSON.parse(line)).then(
    (answer) => ({ answer }),
    ({ code, message, statusCode }) => ({ error: code, message, response: { statusCode } }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
