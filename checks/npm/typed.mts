// The types: what is meant compiles, and what is marked does not.
import type { IncomingMessage, ServerResponse } from 'node:http';

import { ImageError, Policy, type Decision, type Reason } from 'cors-engine';
import { compile, convert, DocumentError, explain, lint } from 'cors-engine/documents';

const image: Uint8Array = compile('<CORSConfiguration/>', { form: 's3' });
const policy = new Policy(image);

export function answer(request: Request): Response {
    const decision: Decision = policy.decideRequest(request);
    // @ts-expect-error: only a preflight has a status
    const unknown: number = decision.status;
    if (decision.kind === 'preflight') return new Response(null, { status: decision.status, headers: decision.headers });
    const response = new Response(String(unknown));
    decision.applyTo(response.headers);
    return response;
}

export function serve(request: IncomingMessage, response: ServerResponse): Reason | null {
    const decision = policy.decideRequest(request);
    decision.applyTo(response);
    return decision.reason;
}

policy.decide({ method: 'GET', origin: null, accessControlRequestHeaders: ['x-a', new Uint8Array(1)] });
// @ts-expect-error: a request has a method
policy.decide({ origin: 'https://a.example' });
// @ts-expect-error: an image is bytes
new Policy('image');
// @ts-expect-error: the form is needed
compile('', {});
const code: number = new ImageError().code;
const places: readonly { line: number; column: number; message: string }[] = new DocumentError().errors;
const reads: boolean = explain(image, { form: 's3', origin: 'https://a.example' }).verdict.page_can_read;
const codes: string[] = lint('', { form: 's3' }).findings.map(({ code }) => code);
const text: string = convert('', { from: 's3', to: 'oss' }).document;
export default [code, places, reads, codes, text];
