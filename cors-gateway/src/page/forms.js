// The dialects and the forms that have a name. A test of the server compares them with the registry.

export const DIALECTS = ['oss', 's3', 'cos', 'gcs', 'azure', 'r2', 'b2', 'obs', 'strict'];

/** Name, dialect, title. */
export const FORMS = [
    ['oss', 'oss', 'OSS, XML'],
    ['oss-json', 'oss', 'OSS, JSON of ossutil'],
    ['oss-terraform', 'oss', 'OSS, Terraform'],
    ['s3', 's3', 'S3, XML'],
    ['s3-json', 's3', 'S3, JSON of the AWS CLI and SDKs'],
    ['s3-console', 's3', 'S3, JSON of the console'],
    ['cloudformation', 's3', 'S3, CloudFormation'],
    ['terraform', 's3', 'S3, Terraform'],
    ['cos', 'cos', 'COS, XML'],
    ['gcs', 'gcs', 'Google Cloud Storage, XML'],
    ['gcs-json', 'gcs', 'Google Cloud Storage, JSON of gcloud and gsutil'],
    ['gcs-terraform', 'gcs', 'Google Cloud Storage, Terraform'],
    ['azure', 'azure', 'Azure Storage, XML'],
    ['azure-json', 'azure', 'Azure Storage, JSON of ARM templates'],
    ['azure-cli', 'azure', 'Azure Storage, JSON of az storage cors list'],
    ['azure-terraform', 'azure', 'Azure Storage, Terraform'],
    ['r2', 'r2', 'Cloudflare R2, JSON'],
    ['b2', 'b2', 'Backblaze B2, JSON'],
    ['obs', 'obs', 'OBS, XML'],
];

/** A dialect for people. */
export function titleOf(dialect) {
    const form = FORMS.find((form) => form[1] === dialect);
    return form ? form[2].split(',')[0] : `${dialect}, for sites and proxies`;
}

/** The dialect whose form has a title, as messages name it. */
export function dialectOf(title) {
    return FORMS.find((form) => form[2] === title)?.[1] ?? DIALECTS.find((dialect) => dialect === title);
}
