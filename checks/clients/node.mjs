// Official JavaScript clients against the gateway: put, get back, delete, get again, a wrong secret.
import assert from 'node:assert';
import dns from 'node:dns';
import { createRequire } from 'node:module';

const [, , dialect, endpoint, modules] = process.argv;
const require = createRequire(`${modules}/`);
// Buckets as hosts: every name below localhost is this machine.
const { lookup } = dns;
dns.lookup = (host, options, callback) => {
    if (typeof options === 'function') [callback, options] = [options, {}];
    if (!host.endsWith('.localhost')) return lookup(host, options, callback);
    return options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);
};

if (dialect === 's3') {
    const s3 = require('@aws-sdk/client-s3');
    const client = (secretAccessKey) => new s3.S3Client({
        endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
    });
    const send = (command, by = client('secret')) => by.send(command);
    const CORSRules = [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'], AllowedHeaders: ['x-a'] }];
    const put = () => new s3.PutBucketCorsCommand({ Bucket: 'js-example', CORSConfiguration: { CORSRules } });
    const get = () => new s3.GetBucketCorsCommand({ Bucket: 'js-example' });
    await send(new s3.CreateBucketCommand({ Bucket: 'js-example' }));
    await send(put());
    assert.deepEqual((await send(get())).CORSRules, CORSRules);
    await assert.rejects(send(put(), client('wrong')), { name: 'SignatureDoesNotMatch' });
    await send(new s3.DeleteBucketCorsCommand({ Bucket: 'js-example' }));
    await assert.rejects(send(get()), { name: 'NoSuchCORSConfiguration' });
} else {
    const OSS = require('ali-oss');
    const port = new URL(endpoint).port;
    for (const authorizationV4 of [false, true]) {
        const client = new OSS({
            accessKeyId: 'AKIDEXAMPLE', accessKeySecret: 'secret', bucket: 'js-example', endpoint: `http://localhost:${port}`,
            region: 'oss-cn-hangzhou', authorizationV4,
        });
        await client.putBucket('js-example');
        await client.putBucketCORS('js-example', [{ allowedOrigin: '*', allowedMethod: ['PUT', 'GET'], allowedHeader: 'x-a' }]);
        const { rules } = await client.getBucketCORS('js-example');
        assert.deepEqual(rules[0].allowedMethod, ['PUT', 'GET']);
        await client.deleteBucketCORS('js-example');
        await assert.rejects(client.getBucketCORS('js-example'), { code: 'NoSuchCORSConfiguration' });
    }
}
console.log(`${dialect}, JavaScript clients: all held`);
