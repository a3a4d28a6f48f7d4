// `cors-engine/documents` where a module is imported compiled.
import module from './documents.wasm';
import { documentsOver } from './document.js';
import { Library } from './library.js';

export const { compile, lint, convert, explain } = documentsOver(new Library(module));
export { DocumentError } from './document.js';
