// The package where a module is imported compiled: workerd.
import module from './engine.wasm';
import { Library } from './library.js';
import { policyOver } from './policy.js';

export const Policy = policyOver(new Library(module));
export { ImageError } from './policy.js';
