// Bucket CORS in front of ORIGIN, such as https://bucket.s3.eu-central-1.amazonaws.com. The rules: cors compile --dialect s3 policy.xml -o policy.cors
import { Policy } from 'cors-engine';

import { inFrontOf } from './front.js';
import image from './policy.cors';

const policy = new Policy(image);

export default {
    fetch: (request, { ORIGIN }) => inFrontOf(ORIGIN, policy, request),
};
