resource "aws_s3_bucket_cors_configuration" "media" {
  cors_rule {
    allowed_origins = ["https://app.example"]
    allowed_methods = ["GET"]
    exposed_headers = ["ETag"]
    allowed_headers = var.headers
  }
}
