'use strict';

// Every npm script loads this first: in old JavaScript, since an older Node cannot read the sources to say so itself.
const NEEDED = 24; // as "engines" in package.json

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `Certway needs Node ${NEEDED} or later, but this is Node ${process.versions.node} (${process.execPath}). ` +
      '`npm ci` brings the right one along, unless told --ignore-scripts or --omit=dev (or NODE_ENV=production); ' +
      'or install it from https://nodejs.org.\n',
  );
  process.exit(1);
}
