# What the module costs: wrk against nginx with nothing, with the module, and with `map` and `add_header`, in turns; requests per second of the
# worker's processor time. load.sh MODULE FOLDER PORT [TURNS [SECONDS]]
set -euo pipefail
module=$1 folder=$2 port=$3 turns=${4:-7} seconds=${5:-2}
mkdir -p "$folder/files" "$folder/policies"
head -c 1024 /dev/zero | tr '\0' x >"$folder/files/a.txt"
echo '{"CORSRules": [{"AllowedOrigins": ["https://app.example", "https://*.app.example"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["x-*"], "ExposeHeaders": ["ETag"]}]}' >"$folder/policies/app.json"
chmod -R a+rX "$folder"
cat >"$folder/load.conf" <<CONF
load_module $module;
daemon off;
master_process off;
pid $folder/nginx.pid;
error_log $folder/error.log crit;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    scgi_temp_path $folder/scgi;
    uwsgi_temp_path $folder/uwsgi;
    keepalive_requests 100000000;
    cors_policies $folder/policies/app.json dialect=strict;
    map \$http_origin \$allow { ~^https://(.+\.)?app\.example\$ \$http_origin; }
    map \$allow \$methods { ~. "GET, PUT"; }
    map \$allow \$expose { ~. ETag; }
    root $folder/files;
    server { listen 127.0.0.1:$port; }
    server { listen 127.0.0.1:$((port + 1)); cors app; }
    server {
        listen 127.0.0.1:$((port + 2));
        add_header Access-Control-Allow-Origin \$allow;
        add_header Access-Control-Allow-Methods \$methods;
        add_header Access-Control-Expose-Headers \$expose;
        add_header Vary Origin;
    }
}
CONF
nginx -e "$folder/start.log" -c "$folder/load.conf" &
server=$!
trap 'kill "$server"' EXIT
sleep 0.5
headers() { curl -s -o /dev/null -D - -H "Origin: https://a.app.example" "http://127.0.0.1:$1/a.txt" | tr -d '\r' | grep -iE '^(access-control-|vary)' | tr '[:upper:]' '[:lower:]' | sort; }
[ -n "$(headers $((port + 1)))" ] && [ "$(headers $((port + 1)))" = "$(headers $((port + 2)))" ] || { echo "the module and add_header send different headers" >&2; exit 1; }
for ((turn = 0; turn < turns; turn++)); do
    for ((step = 0; step < 3; step++)); do
        which=$(((step + turn) % 3))
        read -r before _ <"/proc/$server/schedstat"
        report=$(wrk --threads 1 --connections 16 --duration "$seconds" --header "Origin: https://a.app.example" "http://127.0.0.1:$((port + which))/a.txt")
        read -r after _ <"/proc/$server/schedstat"
        ! grep -qE 'Non-2xx|Socket errors' <<<"$report" || { echo "$report" >&2; exit 1; }
        awk -v which="$which" -v spent="$((after - before))" '/requests in/ { printf "%d %.3f\n", which, spent / $1 / 1000 }' <<<"$report"
    done
done | sort -k1n -k2n | awk '
    { value[$1, ++count[$1]] = $2 }
    END {
        split("nothing,the module,map and add_header", title, ",")
        for (i = 0; i < 3; i++) printf "%-20s %.2f us of processor time a request, from %.2f to %.2f\n", title[i + 1], value[i, int((count[i] + 1) / 2)], value[i, 1], value[i, count[i]]
    }'
