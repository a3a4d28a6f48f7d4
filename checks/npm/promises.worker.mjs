// The promises in workerd: answers with their number, or with what is broken.
import * as documents from 'cors-engine/documents';
import * as engine from 'cors-engine';

import { run } from './promises.mjs';

export default {
    fetch() {
        try {
            return new Response(`${run({ ...engine, ...documents })} promises hold`);
        } catch (error) {
            return new Response(`${error.message}\n${error.stack}`, { status: 500 });
        }
    },
};
