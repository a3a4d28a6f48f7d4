/** Text with a character for each byte (U+0000 to U+00FF), as in `Headers` and in Node's http module, or the bytes. */
export type Bytes = string | Uint8Array;

/** What CORS reads of a request, without the white space around values. */
export interface CorsRequest {
    /** The method; its case counts, as in HTTP. */
    method: Bytes;
    /** `Origin`; null or undefined if it was not sent. */
    origin?: Bytes | null;
    /** `Access-Control-Request-Method`. */
    accessControlRequestMethod?: Bytes | null;
    /** `Access-Control-Request-Headers`: a field line, or several. */
    accessControlRequestHeaders?: Bytes | readonly Bytes[] | null;
}

/** `Headers`, and what is like it. */
export interface HeadersLike {
    get(name: string): string | null;
    set(name: string, value: string): void;
    delete(name: string): void;
}

/** A response of Node's http module. */
export interface ServerResponseLike {
    getHeader(name: string): string | number | string[] | undefined;
    setHeader(name: string, value: string): unknown;
    removeHeader(name: string): void;
}

/** A `Request` of the Fetch standard. */
export interface RequestLike {
    readonly method: string;
    readonly headers: { get(name: string): string | null };
}

/** An `IncomingMessage` of Node's http module. */
export interface IncomingMessageLike {
    readonly method?: string | undefined;
    readonly rawHeaders: string[];
}

/** Why a request was refused. */
export type Reason =
    | 'missing_origin' | 'missing_method' | 'bad_method' | 'bad_header' | 'not_enabled'
    | 'origin' | 'method' | 'header' | 'limit';

interface Answer {
    /** Whether a rule grants the request. False also where the request is not a CORS request. */
    readonly granted: boolean;
    /** Why it was refused; null if it was not. */
    readonly reason: Reason | null;
    /** The rule that matched, counted from 0. */
    readonly rule: number | null;
    /** More of a reason: of `header`, the first name that is not allowed, counted from 0; of `limit`, 1 the origin, 2 the bytes of the names, 3 how many names. */
    readonly detail: number;
    /** Names in lower case and values, in order. */
    readonly headers: [name: string, value: string][];
    /**
     * Sets the headers on a response: replaces the six of CORS, and adds to Vary what is missing. Call it for every response, on
     * errors too, and also if the request was refused or is not a CORS request.
     */
    applyTo(response: HeadersLike | ServerResponseLike): void;
}

/** Answer it with the status and the headers, and do not perform the request. */
export interface Preflight extends Answer {
    readonly kind: 'preflight';
    readonly status: number;
}

/** Perform the request, granted or not: browsers keep the response from pages that were refused. */
export interface Actual extends Answer {
    readonly kind: 'actual' | 'not_cors';
    readonly status: null;
}

export type Decision = Preflight | Actual;

/** The rules of a bucket or a site. */
export class Policy {
    /**
     * Checks a policy image, which `cors compile` or `compile` of `cors-engine/documents` has made, and copies it.
     * @throws {ImageError} if the bytes are not one
     */
    constructor(image: Uint8Array | ArrayBuffer);
    /** The number of rules. */
    readonly rules: number;
    /** Decides a request, in time linear in its bytes. */
    decide(request: CorsRequest): Decision;
    /** Decides a `Request`, or a request of Node's http module, whose field lines are known exactly. */
    decideRequest(request: RequestLike | IncomingMessageLike): Decision;
}

/** The bytes are not a policy image, or not one that this release reads. */
export class ImageError extends Error {
    /** The number of the error, as in `cors_engine.h`. */
    readonly code: number;
}
