import { writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { emptyFolder, runProgram } from '../support/process.ts';

/** nginx with these locations, until the running test ends. Resolves once this path of it answers. */
export async function startNginx(port: number, locations: string, health: string): Promise<void> {
  const folder = await emptyFolder();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  await writeFile(
    `${folder}/nginx.conf`,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr;
      events { }
      http {
        access_log off; ${temporary.join(' ')}
        server { listen 127.0.0.1:${port}; ${locations} }
      }`,
  );
  await runProgram('/usr/sbin/nginx', ['-e', 'stderr', '-c', `${folder}/nginx.conf`]);
  await expect
    .poll(async () => (await fetch(`http://127.0.0.1:${port}${health}`).catch(() => undefined))?.status)
    .toBe(200);
}
