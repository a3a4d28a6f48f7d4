// The installed package, as a CommonJS module.
const engine = require('cors-engine');
const documents = require('cors-engine/documents');

import('./promises.mjs').then(({ run }) => console.log(`CommonJS: ${run({ ...engine, ...documents })} promises hold`));
