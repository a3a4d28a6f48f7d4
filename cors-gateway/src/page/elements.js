// Makes elements. Every text goes in as text, never as markup.

export const byId = (id) => document.getElementById(id);

/** An element with attributes, and with children that are elements or texts. */
export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
}

/** Text for screen readers only. */
export const unseen = (text) => element('span', { class: 'unseen' }, text);

/** Sets a text unless it is there already: what is announced is announced once. */
export function say(id, text) {
    if (byId(id).textContent !== text) byId(id).textContent = text;
}

/** `1 error`, `2 errors`. */
export const counted = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;
