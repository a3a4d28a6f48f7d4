// Documents in each notation, each with a request; what the page shows is compared with the program.

export const DOCUMENTS = [
    {
        title: 'XML of S3, refused', dialect: 's3', request: { origin: 'https://app.example', method: 'PUT', headers: ['x-a: 1', 'x-b: 2'] },
        document: `<CORSConfiguration>
  <CORSRule><AllowedOrigin>https://app.example</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedHeader>x-a</AllowedHeader></CORSRule>
  <CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>ETag</ExposeHeader></CORSRule>
</CORSConfiguration>`,
    },
    {
        title: 'XML of OSS, granted', dialect: 'oss', request: { origin: 'https://eu.app.example', method: 'GET', headers: [] },
        document: '<CORSConfiguration><CORSRule><AllowedOrigin>https://*.app.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
    },
    {
        title: 'JSON of the AWS CLI, refused in its own words', dialect: 's3', request: { origin: 'https://app.example', method: 'PUT', headers: [] },
        document: '{"CORSRules": [{"AllowedOrigins": ["https://app.example"], "AllowedMethods": ["GET"]}]}',
    },
    {
        title: 'JSON of R2 with credentials', dialect: 'r2', request: { origin: 'https://app.example', method: 'GET', headers: ['authorization: x'], credentials: true },
        document: '{"rules": [{"allowed": {"origins": ["https://app.example"], "methods": ["GET"], "headers": ["authorization"]}}]}',
    },
    {
        title: 'YAML of gcloud', dialect: 'gcs', request: { origin: 'https://app.example', method: 'PUT', headers: ['x-a: 1'] },
        document: 'cors_config:\n- origin:\n  - https://app.example\n  method:\n  - GET\n  - PUT\n  responseHeader:\n  - content-type\n',
    },
    {
        title: 'CloudFormation', dialect: 's3', request: { origin: 'https://app.example', method: 'PUT', headers: ['x-a: 1'] },
        document: 'CorsConfiguration:\n  CorsRules:\n    - AllowedOrigins: ["https://app.example"]\n      AllowedMethods: ["GET", "PUT"]\n',
    },
    {
        title: 'Terraform', dialect: 's3', request: { origin: 'http://app.example', method: 'GET', headers: [] },
        document: 'resource "aws_s3_bucket_cors_configuration" "media" {\n  bucket = "media"\n  cors_rule {\n    allowed_origins = ["https://app.example"]\n    allowed_methods = ["GET"]\n  }\n}\n',
    },
    {
        title: 'XML of Azure, where a rule is final', dialect: 'azure', request: { origin: 'http://www.contoso.com', method: 'GET', headers: ['x-ms-client-request-id: 1'] },
        document: `<Cors>
  <CorsRule><AllowedOrigins>*</AllowedOrigins><AllowedMethods>GET</AllowedMethods><MaxAgeInSeconds>1</MaxAgeInSeconds><ExposedHeaders></ExposedHeaders><AllowedHeaders></AllowedHeaders></CorsRule>
  <CorsRule><AllowedOrigins>http://www.contoso.com</AllowedOrigins><AllowedMethods>GET</AllowedMethods><MaxAgeInSeconds>1</MaxAgeInSeconds><ExposedHeaders></ExposedHeaders><AllowedHeaders>x-ms-client-request-id</AllowedHeaders></CorsRule>
</Cors>`,
    },
];

/// An error in line 4, column 5, and a character outside of the first plane before one in line 5.
export const WITH_ERRORS = `<CORSConfiguration>
  <CORSRule>
    <AllowedOrigin>https://app.example</AllowedOrigin>
    <AllowedMethod>get</AllowedMethod>
    <!-- 𝕏 --><AllowedMethod>patch</AllowedMethod>
  </CORSRule>
</CORSConfiguration>`;

export const CARELESS = `<CORSConfiguration>
  <CORSRule>
    <AllowedOrigin>https://app.example/</AllowedOrigin>
    <AllowedOrigin>https://*app.example</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
  </CORSRule>
</CORSConfiguration>`;
