// The installed package, as an ES module.
import * as documents from 'cors-engine/documents';
import * as engine from 'cors-engine';

import { run } from './promises.mjs';

console.log(`ES modules, node ${process.version}: ${run({ ...engine, ...documents })} promises hold`);
