import './error.ts';
import './node.ts';
import './client-certificate.ts';
import './client-certificate-mutations.ts';
import { builder } from './builder.ts';

export const schema = builder.toSchema();
