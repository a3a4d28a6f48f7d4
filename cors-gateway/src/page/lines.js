// Which lines of two texts are the same: the longest common subsequence, as pairs for two columns.

/// Beyond this many pairs of lines the middle is shown as changed as a whole.
const MOST_PAIRS = 4_000_000;

/** Rows of `[left, right]`; one is null where a line is on the other side only, and both are equal where it is on both. */
export function compared(left, right) {
    let start = 0;
    while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
    let end = 0;
    while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
    const same = (from, to) => left.slice(from, to).map((line) => [line, line]);
    const middle = between(left.slice(start, left.length - end), right.slice(start, right.length - end));
    return [...same(0, start), ...middle, ...same(left.length - end, left.length)];
}

function between(left, right) {
    if (left.length * right.length > MOST_PAIRS) return [...left.map((line) => [line, null]), ...right.map((line) => [null, line])];
    const width = right.length + 1;
    // The length of the longest common subsequence of what is left from a row and a column on.
    const longest = new Uint32Array((left.length + 1) * width);
    for (let row = left.length - 1; row >= 0; row -= 1) {
        for (let column = right.length - 1; column >= 0; column -= 1) {
            const at = row * width + column;
            longest[at] = left[row] === right[column] ? longest[at + width + 1] + 1 : Math.max(longest[at + width], longest[at + 1]);
        }
    }
    const rows = [];
    let [row, column] = [0, 0];
    while (row < left.length || column < right.length) {
        const at = row * width + column;
        if (row < left.length && column < right.length && left[row] === right[column]) {
            rows.push([left[row], right[column]]);
            row += 1;
            column += 1;
        } else if (column === right.length || (row < left.length && longest[at + width] >= longest[at + 1])) {
            rows.push([left[row], null]);
            row += 1;
        } else {
            rows.push([null, right[column]]);
            column += 1;
        }
    }
    return rows;
}
