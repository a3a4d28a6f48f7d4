# Prints nginx's configuration for the cases of scripts/check-nginx: site.sh MODULE FOLDER PORT
set -euo pipefail
module=$1 folder=$2 port=$3
cat <<CONF
load_module $module;
daemon off;
worker_processes 2;
pid $folder/nginx.pid;
error_log $folder/error.log notice;
events { worker_connections 512; }
http {
    log_format cors '\$status \$request_method \$request_uri \$cors_result \$cors_rule';
    access_log $folder/access.log cors;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    scgi_temp_path $folder/scgi;
    uwsgi_temp_path $folder/uwsgi;
    proxy_cache_path $folder/cache keys_zone=cache:1m;
    limit_req_zone \$binary_remote_addr zone=slow:1m rate=1r/m;
    cors_policies $folder/policies/* dialect=strict;

    server {
        listen unix:$folder/behind.sock;
        add_header Access-Control-Allow-Origin https://behind.example always;
        add_header Access-Control-Allow-Credentials true always;
        add_header Access-Control-Max-Age 77 always;
        add_header Vary X-Behind always;
        add_header Vary "x-behind, Accept" always;
        location / { return 200 "behind \$request_uri"; }
        location /missing { return 404 "no"; }
        location /send { add_header X-Accel-Redirect /internal/x; return 200; }
    }
    server {
        listen 127.0.0.1:$port;
        cors app;
        root $folder/root;
        error_page 404 /errors/404.html;
        location /private/ { auth_basic x; auth_basic_user_file $folder/users; }
        location /slow/ { limit_req zone=slow; }
        location /static/ { }
        location /zip/ { gzip on; gzip_vary on; gzip_min_length 1; gzip_types text/plain; default_type text/plain; }
        location /added/ { add_header Access-Control-Allow-Origin *; add_header Vary X-Added; }
        location /raw/ { cors off; proxy_pass http://unix:$folder/behind.sock; }
        location /behind/ { proxy_pass http://unix:$folder/behind.sock; }
        location /missing { proxy_pass http://unix:$folder/behind.sock; }
        location /cached/ { proxy_cache cache; proxy_cache_valid 200 10m; proxy_ignore_headers Vary; add_header X-Cache \$upstream_cache_status; proxy_pass http://unix:$folder/behind.sock; }
        location /broken/ { proxy_pass http://unix:$folder/nobody.sock; }
        location /returns/ { return 204; }
        location /asks/ { auth_request /behind/auth; }
        location /send { proxy_pass http://unix:$folder/behind.sock; }
        location /internal/ { internal; cors other; return 200 "inside"; }
        location /errors/ { internal; cors other; }
        location /new/ { cors app report; proxy_pass http://unix:$folder/behind.sock; }
        location ~ ^/bucket/(?<bucket>[^/]+)/ { cors \$bucket default=other; proxy_pass http://unix:$folder/behind.sock; }
        location ~ ^/strict/(?<bucket2>[^/]+)/ { cors \$bucket2; proxy_pass http://unix:$folder/behind.sock; }
    }
    server {
        listen 127.0.0.1:$((port + 1)) http2;
        cors app;
        root $folder/root;
    }
}
CONF
