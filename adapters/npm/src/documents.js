// `cors-engine/documents` where WebAssembly may be compiled from bytes.
import bytes from './documents.wasm';
import { documentsOver } from './document.js';
import { Library } from './library.js';

export const { compile, lint, convert, explain } = documentsOver(new Library(new WebAssembly.Module(bytes)));
export { DocumentError } from './document.js';
