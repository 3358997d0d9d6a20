#!/usr/bin/env node
'use strict';

// The command of the installed package: in old JavaScript, since an older Node cannot read the bundle to say so itself.
const NEEDED = [22, 13]; // as "engines" of the package; earlier ones have `node:sqlite` only with a flag

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `Certway needs Node ${NEEDED.join('.')} or later, but this is Node ${process.versions.node} (${process.execPath}). ` +
      'Install it from https://nodejs.org.\n',
  );
  process.exit(1);
}

// Nobody who starts the service can do anything about it.
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).startsWith('SQLite is an experimental feature')) emitWarning(warning, ...rest);
};

require('node:v8').setFlagsFromString('--max-semi-space-size=8'); // a third less memory when all certificates are read at once
require('node:module').enableCompileCache();
import('./main.js');
