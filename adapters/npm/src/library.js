// A library of cors-capi as WebAssembly: its memory, and the texts that are lent to its functions. It imports nothing.

const PAGE = 65536;

export class Library {
    #module;
    #memory;
    #start;
    #end;
    #names = new Map();

    /** @param {WebAssembly.Module} module */
    constructor(module) {
        this.#module = module;
        this.restart();
    }

    /** Begins anew: after a trap, nothing in the memory can be trusted. */
    restart() {
        this.functions = new WebAssembly.Instance(this.#module, {}).exports;
        this.#memory = this.functions.memory;
        this.#start = this.#end = 0;
        this.generation = (this.generation ?? 0) + 1;
        this.#look();
    }

    /**
     * The offset of memory that no function of the library uses for itself: pages that are added here are never those of its stack,
     * its data or its allocator. What it held is lost when `generation` changes.
     */
    reserve(bytes) {
        if (bytes > this.#end - this.#start) {
            const pages = Math.ceil(Math.max(bytes, 2 * (this.#end - this.#start)) / PAGE);
            this.#start = this.#memory.grow(pages) * PAGE;
            this.#end = this.#start + pages * PAGE;
            this.generation += 1;
        }
        this.look();
        return this.#start;
    }

    /** Looks at the memory as it is now, after what may have grown it. */
    look() {
        if (this.bytes.buffer !== this.#memory.buffer) this.#look();
    }

    #look() {
        this.bytes = new Uint8Array(this.#memory.buffer);
        this.words = new DataView(this.#memory.buffer);
    }

    /** Writes a `cors_engine_text`. */
    setText(at, offset, length) {
        this.words.setUint32(at, offset, true);
        this.words.setUint32(at + 4, length, true);
    }

    /** A text whose bytes are characters up to U+00FF, as in HTTP. */
    latin1(at, length) {
        let text = '';
        for (let start = at; start < at + length; start += 4096) {
            text += String.fromCharCode.apply(null, this.bytes.subarray(start, Math.min(start + 4096, at + length)));
        }
        return text;
    }

    /** A constant of the library, which ends in NUL. */
    constant(at) {
        let text = this.#names.get(at);
        if (text === undefined) {
            text = this.latin1(at, this.bytes.indexOf(0, at) - at);
            this.#names.set(at, text);
        }
        return text;
    }
}
