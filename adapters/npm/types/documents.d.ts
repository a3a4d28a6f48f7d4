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
