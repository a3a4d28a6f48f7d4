# Prints nginx's configuration for the table of answers: table.sh MODULE POLICIES FOLDER PORT
# Two servers: on PORT, a location for each policy and a server behind that sets the six headers and Vary; on PORT + 1, one location with a variable, and no files.
set -euo pipefail
module=$1 policies=$2 folder=$3 port=$4
cat <<CONF
load_module $module;
daemon off;
worker_processes 1;
pid $folder/nginx.pid;
error_log $folder/error.log crit;
events { worker_connections 512; }
http {
    access_log off;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    scgi_temp_path $folder/scgi;
    uwsgi_temp_path $folder/uwsgi;
    # The longest line of the vectors has 70 000 bytes.
    large_client_header_buffers 8 128k;
    keepalive_requests 100000;
CONF
cut -d' ' -f2 "$policies/policies.txt" | sort -u | while read -r dialect; do
    echo "    cors_policies $policies/$dialect/* dialect=$dialect;"
done
cat <<CONF
    server {
        listen unix:$folder/behind.sock;
        add_header Access-Control-Allow-Origin wrong always;
        add_header ACCESS-CONTROL-ALLOW-ORIGIN twice always;
        add_header Access-Control-Allow-Methods wrong always;
        add_header Access-Control-Allow-Headers wrong always;
        add_header access-control-allow-credentials true always;
        add_header Access-Control-Expose-Headers wrong always;
        add_header Access-Control-Max-Age 77 always;
        add_header Vary Accept-Encoding always;
        add_header vary "X-Other,accept-encoding" always;
        location / { return 200 ok; }
    }
    server {
        listen 127.0.0.1:$port;
CONF
while read -r name _; do
    echo "        location /$name/ { cors $name; proxy_pass http://unix:$folder/behind.sock; }"
done <"$policies/policies.txt"
cat <<CONF
    }
    server {
        listen 127.0.0.1:$((port + 1));
        root $folder/empty;
        location ~ ^/(?<policy>[^/]+)/ { cors \$policy; }
    }
}
CONF
