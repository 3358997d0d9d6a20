import type { Served } from './account-region-services.ts';
import type { AccountRegionResults, Asked } from './account-regions.ts';
import { CACHE_TTL_MS, PARALLEL_READS, scheduleMs } from './asking.ts';
import { figure, table } from './markdown.ts';
import { BURST, CERTIFICATES, LATENCY_MS, REQUESTS_PER_SECOND } from './world.ts';

export const accountRegions = ({
  asked,
  served,
  idle,
}: AccountRegionResults): string => `## As accounts and regions grow

AWS is a process of its own with ${CERTIFICATES} certificates in each account and region, in accounts of four regions whose roles the
service assumes. It takes ${LATENCY_MS} ms per call, and allows ${REQUESTS_PER_SECOND} per second in each, with bursts of ${BURST}. The service makes at most
${PARALLEL_READS} reads at a time (\`MAX_PARALLEL_READS\`). Its answers are compared with the right ones.

Cold: the first request to a service that has read nothing, and does nothing in the background (its sources, without the
reads for the expiration metric). The schedule is the time that its AWS calls take at ${PARALLEL_READS} at a time. Warm: the median and the slowest of
later requests that are all different, with \`CACHE_TTL_MS=${CACHE_TTL_MS}\`, because with the default of a second the first of 1,200
answers are too old when the last ones come.

${askedTable(asked.filter(({ hasFaults }) => !hasFaults))}

The same while a tenth of them throttle every call, and one never answers. Then \`totalCount\` must be an error, and the ordered
page must name them all.

${askedTable(asked.filter(({ hasFaults }) => hasFaults))}

The whole service, as in its image. “Ordered” is the time from when it listens until an ordered page over all is answered; at
the same time it reads all certificates for its metric, and the two share their reads. The longest pause is the slowest
answer to \`/health\` until then. Memory is the maximum after all questions were asked, and \`/metrics\` once. With stages
(\`STAGE_READS_PER_SECOND=1\`), it also looks for APIs in each account and region; there are none. CPU and calls per second are those after all
questions.

${servedTable(served)}

With ${figure(idle.accountRegions)} accounts and regions in the settings, each takes ${figure(idle.configuredKib)} KiB of memory before anything is asked, and ${figure(idle.madeKib)} KiB
more after it was read and had no certificates.`;

const askedTable = (asked: Asked[]): string =>
  table(
    [
      'accounts and regions',
      'question',
      'AWS reads',
      'roles assumed',
      'most at once',
      'cold ms',
      'schedule ms',
      'warm ms',
      'slowest',
      'answers',
    ],
    asked.map((one) => [
      figure(one.accountRegions),
      one.question,
      figure(one.reads),
      figure(one.roles),
      figure(one.mostAtOnce),
      figure(one.coldMs),
      figure(scheduleMs(one)),
      figure(one.warmMs),
      figure(one.slowestWarmMs),
      one.complaint ? `**wrong**: ${one.complaint}` : 'right',
    ]),
  );

const servedTable = (served: Served[]): string =>
  table(
    [
      'accounts and regions',
      'start ms',
      'ordered ms',
      'AWS calls',
      'CPU ms',
      'longest pause, ms',
      '`/metrics` ms',
      'memory, MiB',
      'then CPU ms/s',
      'then AWS calls/s',
    ],
    served.map((one) => [
      `${figure(one.accountRegions)}${one.hasStages ? ', with stages' : ''}`,
      figure(one.startMs),
      figure(one.orderedMs),
      figure(one.awsCalls),
      figure(one.cpuMs),
      figure(one.longestPauseMs),
      figure(one.metricsMs),
      figure(one.peakMib),
      figure(one.laterCpuMs),
      figure(one.laterCalls),
    ]),
  );
