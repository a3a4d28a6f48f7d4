// Carries out what `cors explain --json` advises, on rules as data.

/// The rules after these changes; each counts the rules as they are when it begins.
export function followed(rules, edits) {
    const changed = structuredClone(rules);
    for (const { edit, rule, field, values, value, with: others, index, ...added } of edits) {
        const list = field && (changed[rule][field] ??= []);
        if (edit === 'add') list.push(...values);
        else if (edit === 'remove') list.splice(at(list.lastIndexOf(value)), 1);
        else if (edit === 'replace') list.splice(at(list.indexOf(value)), 1, ...others);
        else if (edit === 'insert_rule') changed.splice(index, 0, newRule(added));
        else throw new Error(`an edit that is not known: ${edit}`);
    }
    return changed;
}

function at(index) {
    if (index < 0) throw new Error('the advice is about a value that the rule does not have');
    return index;
}

function newRule({ allowed_origins, allowed_methods, allowed_headers, expose_headers, max_age_seconds }) {
    return {
        AllowedOrigin: allowed_origins, AllowedMethod: allowed_methods, AllowedHeader: allowed_headers, ExposeHeader: expose_headers,
        MaxAgeSeconds: max_age_seconds === null ? [] : [String(max_age_seconds)],
    };
}
