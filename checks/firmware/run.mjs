// Runs the WebAssembly module of checks/firmware: prints failures and the number of passed vectors; the exit status is 0 if all passed.
import { readFileSync } from "node:fs";

const bytes = readFileSync(process.argv[2]);
const host = {
  failed: (offset, length) =>
    console.log(`failed: ${new TextDecoder().decode(new Uint8Array(module.exports.memory.buffer, offset, length))}`),
};
const module = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host });
const counts = module.exports.run();
const [passed, failed] = [counts >> 32n, counts & 0xffffffffn];
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0n && passed > 0n ? 0 : 1);
