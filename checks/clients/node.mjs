// Official JavaScript clients against the gateway, each through scenario.json: put, get the same back, preflights, delete, get again, errors.
import assert from 'node:assert';
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import http from 'node:http';

import * as s3 from '@aws-sdk/client-s3';
import OSS from 'ali-oss';

const [, , dialect, endpoint] = process.argv;
const scenario = JSON.parse(readFileSync(new URL('scenario.json', import.meta.url), 'utf8'));
let passed = 0;
// Buckets as hosts: every name below localhost is this machine.
const { lookup } = dns;
dns.lookup = (host, options, callback) => {
    if (typeof options === 'function') [callback, options] = [options, {}];
    if (!host.endsWith('.localhost')) return lookup(host, options, callback);
    return options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);
};

if (dialect === 's3') {
    await run('@aws-sdk/client-s3', clientS3());
} else {
    await run('ali-oss v1', aliOss(false));
    await run('ali-oss v4', aliOss(true));
}
console.log(`${dialect}, JavaScript clients: ${passed} passed, 0 failed`);

/// The same steps for every client. A client has create, put, get, delete, and the field with its error's code.
async function run(name, client) {
    const holds = (what, check) => {
        try {
            check();
        } catch (error) {
            throw new Error(`${name}: ${what}: ${error.message}`);
        }
        passed += 1;
    };
    const codeOf = (answer) => answer.then(() => 'none', (error) => client.code(error));
    const { rules, bad, preflights } = scenario;
    await client.create();
    await client.put(rules);
    const back = await client.get();
    holds('back equal', () => assert.deepEqual(back, rules));
    for (const { name: what, rules: refused, times = 1, code } of bad[dialect]) {
        const given = await codeOf(client.put(Array(times).fill(refused).flat()));
        holds(what, () => assert.equal(given, client.refusesItself(refused) ? 'refused by the client' : code));
    }
    const after = await client.get();
    holds('a refused put changes nothing', () => assert.deepEqual(after, rules));
    for (const asked of preflights) {
        const { status, headers } = await preflight(`${endpoint}/js-example/any`, asked);
        holds(`preflight ${asked.name}`, () => {
            assert.equal(status, asked.status);
            for (const [header, value] of Object.entries(asked.answer)) assert.equal(headers[header], value);
        });
    }
    const wrong = await codeOf(client.put(rules, 'wrong'));
    holds('wrong secret', () => assert.equal(wrong, 'SignatureDoesNotMatch'));
    await client.delete();
    const none = await codeOf(client.get());
    holds('none any more', () => assert.equal(none, 'NoSuchCORSConfiguration'));
    await client.delete();
}

function clientS3() {
    const send = (command, secretAccessKey = 'secret') => new s3.S3Client({
        endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
    }).send(command);
    const Bucket = 'js-example';
    return {
        create: () => send(new s3.CreateBucketCommand({ Bucket })),
        put: (CORSRules, secret) => send(new s3.PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }), secret),
        get: async () => (await send(new s3.GetBucketCorsCommand({ Bucket }))).CORSRules,
        delete: () => send(new s3.DeleteBucketCorsCommand({ Bucket })),
        code: (error) => error.name,
        refusesItself: () => false,
    };
}

/// Its rules use other names; a list of one is returned as text, and so is a number.
function aliOss(authorizationV4) {
    const bucket = 'js-example';
    const clientOf = (accessKeySecret) => new OSS({
        accessKeyId: 'AKIDEXAMPLE', accessKeySecret, bucket, endpoint: `http://localhost:${new URL(endpoint).port}`,
        region: 'oss-cn-hangzhou', authorizationV4,
    });
    const client = clientOf('secret');
    return {
        create: () => client.putBucket(bucket),
        put: (rules, secret = 'secret') => clientOf(secret).putBucketCORS(bucket, rules.map((rule) => ({
            allowedOrigin: rule.AllowedOrigins, allowedMethod: rule.AllowedMethods, allowedHeader: rule.AllowedHeaders,
            exposeHeader: rule.ExposeHeaders, maxAgeSeconds: rule.MaxAgeSeconds,
        }))),
        get: async () => (await client.getBucketCORS(bucket)).rules.map((rule) => ({
            AllowedOrigins: [rule.allowedOrigin].flat(), AllowedMethods: [rule.allowedMethod].flat(),
            AllowedHeaders: [rule.allowedHeader].flat(), ExposeHeaders: [rule.exposeHeader].flat(),
            MaxAgeSeconds: Number(rule.maxAgeSeconds),
        })),
        delete: () => client.deleteBucketCORS(bucket),
        code: (error) => (error.name === 'AssertionError' ? 'refused by the client' : error.code),
        refusesItself: (rules) => rules.length === 0,
    };
}

/// A plain OPTIONS request, as a browser sends it.
function preflight(url, { origin, method, names }) {
    const headers = { origin, 'access-control-request-method': method, 'access-control-request-headers': names };
    return new Promise((resolve, reject) => {
        http.request(url, { method: 'OPTIONS', headers }, (answer) => {
            answer.resume();
            resolve({ status: answer.statusCode, headers: answer.headers });
        }).on('error', reject).end();
    });
}
