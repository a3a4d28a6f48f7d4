/** An error of a document; lines and columns are counted from 1, columns in characters. */
export interface DocumentErrorPlace {
    readonly line: number;
    readonly column: number;
    /** What to change. */
    readonly message: string;
}

/** What is wrong with a document. The message has every error, with its line. */
export class DocumentError extends Error {
    readonly errors: readonly DocumentErrorPlace[];
}

/**
 * Compiles a document to a policy image.
 *
 * `form` is the name of a provider ("oss", "s3", "cos", "gcs", "azure", "r2", "b2", "obs", or "strict" for proxies), whose forms are
 * recognised, or that of one form, such as "s3-json".
 * @throws {DocumentError} if the document has errors
 */
export function compile(document: string | Uint8Array, options: { form: string }): Uint8Array<ArrayBuffer>;

/** What lint finds in a value, a member or a rule; `cors lint --json` prints the same. */
export interface Finding {
    /** Such as "C004"; `page` explains it. */
    readonly code: string;
    readonly severity: 'error' | 'warning' | 'note';
    /** Counted from 0. */
    readonly rule: number;
    readonly element: string | null;
    /** Counted from 0. */
    readonly item: number | null;
    readonly value: string | null;
    readonly line: number;
    readonly column: number;
    /** What is wrong. */
    readonly summary: string;
    /** What to change. */
    readonly hint: string;
    readonly [member: string]: unknown;
}

/** An error for which the provider rejects a document. */
export interface Refused {
    readonly line: number;
    readonly column: number;
    readonly rule: number | null;
    readonly element: string | null;
    readonly value: string | null;
    /** What is wrong, and what to change. */
    readonly advice: string;
}

/**
 * Finds what of a document has no effect, and what allows too much. A document with errors is linted as far as it can be read. Domains
 * under which anyone can register a name are not known here; the program `cors` has the list.
 */
export function lint(
    document: string | Uint8Array,
    options: { form: string },
): { readonly findings: readonly Finding[]; readonly errors: readonly Refused[]; readonly more: number };

/**
 * Writes a document in another form. If `differences` is empty, both behave alike.
 * @throws {DocumentError} if the document has errors, or the other provider would reject the result
 */
export function convert(
    document: string | Uint8Array,
    options: { from: string; to: string },
): {
    readonly document: string;
    /** What means something else now; the line is 0 where it is about all of the document. */
    readonly differences: readonly DocumentErrorPlace[];
    readonly more: number;
    readonly rules_left_out: number;
};

/** A page that wants to read. */
export interface Page {
    /** The provider or form that the advice is written for. */
    form: string;
    origin: string;
    /** GET if it is left out. */
    method?: string;
    /** Each `NAME` or `NAME: VALUE`. */
    headers?: readonly string[];
    /** Whether the credentials mode is `include`. */
    credentials?: boolean;
}

/** The members that every explanation has; `cors explain --json` prints the same object. */
export interface Explanation {
    readonly verdict: { readonly page_can_read: boolean; readonly reason: string; readonly [member: string]: unknown };
    readonly [member: string]: unknown;
}

/** Plays the browser for a page, and explains why it can or cannot read, and which change to the rules would help. */
export function explain(image: Uint8Array | ArrayBuffer, page: Page): Explanation;
