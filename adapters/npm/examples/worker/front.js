// Exact CORS in front of any origin.

/** Answers preflights, lets the origin answer anything else, and replaces its headers of CORS, on errors too. */
export async function inFrontOf(origin, policy, request) {
    const decision = policy.decideRequest(request);
    if (decision.kind === 'preflight') return new Response(null, { status: decision.status, headers: decision.headers });
    const { pathname, search } = new URL(request.url);
    let response;
    try {
        response = await fetch(origin + pathname + search, request);
    } catch {
        response = new Response('the origin does not answer\n', { status: 502 });
    }
    // The headers of a fetched response cannot be changed.
    const answer = new Response(response.body, response);
    decision.applyTo(answer.headers);
    return answer;
}
