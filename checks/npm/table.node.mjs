// A server of Node that the table of answers asks: node table.node.mjs IMAGES. The path /NAME/ has the policy NAME.
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';

import { Policy } from 'cors-engine';

import { WRONG } from './wrong.mjs';

const folder = process.argv[2];
const policies = new Map(readdirSync(folder).map((file) => [file.replace('.cors', ''), new Policy(readFileSync(`${folder}/${file}`))]));
// Header values are shorter in servers; the engine's own limits are to be seen here.
const server = http.createServer({ maxHeaderSize: 1 << 20, requireHostHeader: false }, (request, response) => {
    const decision = policies.get(request.url.split('/')[1]).decideRequest(request);
    for (const [name, value] of Object.entries(WRONG)) response.setHeader(name, value);
    // The answer to a preflight is the decision's alone.
    if (decision.kind === 'preflight') response.removeHeader('vary');
    decision.applyTo(response);
    response.writeHead(decision.status ?? 200).end();
});
server.maxHeadersCount = 0;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
