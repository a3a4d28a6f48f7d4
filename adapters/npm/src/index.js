// The package where WebAssembly may be compiled from bytes: Node, browsers, Deno, Bun.
import bytes from './engine.wasm';
import { Library } from './library.js';
import { policyOver } from './policy.js';

export const Policy = policyOver(new Library(new WebAssembly.Module(bytes)));
export { ImageError } from './policy.js';
