import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { emptyFolder } from '../support/process.ts';
import { until } from '../support/sharing.ts';

/** An nginx of the running test with these lines in its `http` block, in which `PORT` is its port. Resolves to its URL. */
export async function startNginx(http: string): Promise<string> {
  const folder = await emptyFolder();
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    `daemon off;
pid ${folder}/pid;
error_log ${folder}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  ${http.replaceAll('PORT', `127.0.0.1:${port}`)}
}
`,
  );
  const child = spawn('/usr/sbin/nginx', ['-c', file, '-p', folder], { stdio: 'ignore' });
  const closed = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await closed;
  });
  const url = `http://127.0.0.1:${port}`;
  await until(() => fetch(url));
  return url;
}
