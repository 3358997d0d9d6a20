import { createServer } from 'node:http';
import { createLog } from '../src/observability/log.ts';
import { createService } from '../src/service.ts';
import { parseConfig } from '../src/settings/config.ts';

/**
 * The service from its sources, without what it does by itself: it reads neither certificates for a metric nor stages.
 * So what is asked first is cold, and every AWS call is for a question. With `--expose-gc`, `/heap` answers with the bytes
 * that are in use.
 */
const config = parseConfig(process.env);
const { log } = await createLog(config.LOG_LEVEL, process.stdout);
const { listener } = await createService({ config, log });

createServer((request, response) => {
  if (request.url === '/heap') response.end(String(bytesInUse()));
  else listener(request, response);
}).listen(config.PORT, config.HOST);

function bytesInUse(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
