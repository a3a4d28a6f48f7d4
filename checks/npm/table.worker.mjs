// A Worker that the table of answers asks: the example, with the policy NAME below the path /NAME/.
import { Policy } from 'cors-engine';

import { inFrontOf } from './front.js';
import images from './images.json';

const policies = new Map(Object.entries(images).map(([name, hex]) => [name, new Policy(Uint8Array.from(hex.match(/../g), (byte) => parseInt(byte, 16)))]));

export default {
    fetch: (request, { ORIGIN }) => inFrontOf(ORIGIN, policies.get(new URL(request.url).pathname.split('/')[1]), request),
};
