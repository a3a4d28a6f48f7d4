// The types where modules are CommonJS.
import { Policy } from 'cors-engine';
import documents = require('cors-engine/documents');

export const rules: number = new Policy(documents.compile('', { form: 's3' })).rules;
