// Runs the WebAssembly module of checks/firmware: prints what failed and how many passed; the exit status says whether all did.
import { readFileSync } from "node:fs";

const bytes = readFileSync(process.argv[2]);
const host = {
  failed: (place, length) =>
    console.log(`failed: ${new TextDecoder().decode(new Uint8Array(module.exports.memory.buffer, place, length))}`),
};
const module = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host });
const counts = module.exports.run();
const [passed, failed] = [counts >> 32n, counts & 0xffffffffn];
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0n && passed > 0n ? 0 : 1);
