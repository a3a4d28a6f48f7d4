# Writes the configuration of nginx that checks need: a cache in front of a server: front.sh FOLDER PORT UPSTREAM
# On PORT it keeps the first answer to a URL for everybody, whatever Vary says; on PORT + 1 it refuses OPTIONS, and on PORT + 2 it adds a second
# Access-Control-Allow-Origin.
# shellcheck shell=bash
cat <<CONF
daemon off;
pid $1/nginx.pid;
error_log $1/error.log warn;
events {}
http {
    access_log off;
    client_body_temp_path $1/body;
    proxy_temp_path $1/proxy;
    fastcgi_temp_path $1/fastcgi;
    scgi_temp_path $1/scgi;
    uwsgi_temp_path $1/uwsgi;
    proxy_cache_path $1/cache keys_zone=answers:1m;
    proxy_http_version 1.1;
    proxy_set_header Host \$http_host;
    server {
        listen 127.0.0.1:$2;
        location / {
            proxy_pass http://$3;
            proxy_cache answers;
            proxy_cache_valid 200 1m;
            proxy_cache_key \$request_method\$uri;
            proxy_ignore_headers Vary Cache-Control Expires Set-Cookie;
            add_header X-Cache-Status \$upstream_cache_status always;
        }
    }
    server {
        listen 127.0.0.1:$(($2 + 1));
        location / {
            if (\$request_method = OPTIONS) { return 405; }
            proxy_pass http://$3;
        }
    }
    server {
        listen 127.0.0.1:$(($2 + 2));
        location / {
            proxy_pass http://$3;
            add_header Access-Control-Allow-Origin https://app.example always;
        }
    }
}
CONF
